"""A form is sent once. Its one-time token becomes a row in the transaction of what the form does (adr/0014).

The repeat (a double click, Back and send, a network that tried twice) gets the first answer. One that comes while the
first is still at work waits for its commit: PostgreSQL holds the second INSERT of a key until the first is decided.
"""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render

from core.models import SentForm

FIELD = "form_token"
LIFE = timedelta(hours=12)  # of a token and of its row: no session lasts longer, and what is pruned is dead already

View = Callable[..., HttpResponseBase]


def new_token(request: HttpRequest) -> str:
    """For a page that is drawn now, good in the browser that gets the page and until somebody signs in there."""
    get_token(request)  # gives the browser its secret where it has none yet
    return _signer(request).sign(secrets.token_urlsafe(16))


def sent_once(view: View) -> View:
    """A POST is answered by `view` once. An answer that leads on is kept; a page (a slip in the form, a code that is
    shown this one time) is not, and what was sent with it may be sent again.

    The form carries `{% form_token %}`. A token that is forged, foreign, old or missing does nothing.
    """

    @wraps(view)
    def answer_once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        key = _key_of(request)
        if not key:
            return _refusal(request)
        with transaction.atomic():
            sent, is_first = SentForm.objects.get_or_create(key=key, defaults={"path": request.path})
            if not is_first:
                return _first_answer(sent, request)
            answer = view(request, *args, **kwargs)
            _keep(sent, answer, request)
        return answer

    return answer_once


def prune(now: datetime) -> int:
    """Delete rows whose tokens have run out. How many."""
    deleted, _rows = SentForm.objects.filter(sent_at__lt=now - LIFE).delete()
    return deleted


def _key_of(request: HttpRequest) -> str:
    """Empty for a token that this browser was not given within its life."""
    if "CSRF_COOKIE" not in request.META:
        return ""
    try:
        return _signer(request).unsign(request.POST.get(FIELD, ""), max_age=LIFE)
    except BadSignature:
        return ""


def _signer(request: HttpRequest) -> TimestampSigner:
    """The browser's CSRF secret is part of the key; it changes when somebody signs in."""
    return TimestampSigner(salt=f"core.form_tokens:{request.META['CSRF_COOKIE']}")


def _keep(sent: SentForm, answer: HttpResponseBase, request: HttpRequest) -> None:
    if answer.status_code not in (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER):
        sent.delete()
        return
    said = [(message.level, str(message)) for message in messages.get_messages(request)]
    _say(said, request)  # again: reading took them from the next page
    cookies = [cookie.OutputString() for cookie in answer.cookies.values()]
    sent.answer = {"location": answer["Location"], "messages": said, "cookies": cookies}
    sent.save(update_fields=["answer"])


def _first_answer(sent: SentForm, request: HttpRequest) -> HttpResponse:
    if sent.path != request.path:
        return _refusal(request)
    answer = HttpResponseRedirect(sent.answer["location"])
    for cookie in sent.answer["cookies"]:
        answer.cookies.load(cookie)
    _say(sent.answer["messages"], request)
    return answer


def _say(said: Iterable[tuple[int, str]], request: HttpRequest) -> None:
    for level, words in said:
        messages.add_message(request, level, words)


def _refusal(request: HttpRequest) -> HttpResponse:
    """The page that a stale CSRF token gets: go back, reload, send again."""
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)
