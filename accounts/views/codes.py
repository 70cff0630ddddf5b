"""What every page with a code by SMS shares: asking for one, and what a typed one leads to."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.adapters import brand_in
from accounts.forms import CodeForm, MobileForm
from accounts.models import User
from accounts.queries import address_of, browser_of, code_waiting
from accounts.rules import Answer, Sending
from accounts.services import Checked

NOT_SENT = {
    Sending.TOO_SOON: _("A code was sent to this number less than half a minute ago. Wait a little and ask again"),
    Sending.TOO_OFTEN: _("Too many codes were asked for. Try again in an hour, use your e-mail, or call us"),
    Sending.LOCKED: _("After six wrong codes this number gets no code for two hours. Use your e-mail, or call us"),
    Sending.CLOSED: _("We can send no codes by SMS today. Use your e-mail, or call us"),
}
NOT_RIGHT = {
    Answer.WRONG: _("This is not the code. Check the newest SMS"),
    Answer.DEAD: _("This code no longer works. Ask for a new one"),
    Answer.LOCKED: NOT_SENT[Sending.LOCKED],
}


def is_sent(request: HttpRequest, form: MobileForm, *, purpose: str, to: User | None, to_anybody: bool = False) -> bool:
    """Whether a code is on its way, or would be if the number were somebody's; else the form says why not.

    `to`: whose number it is or shall become. Nobody: nothing leaves, unless `to_anybody` may have it.
    """
    language, now = to.language if to else get_language(), timezone.now()
    sending = services.send_code(
        phone=form.cleaned_data["phone"], purpose=purpose, browser=browser_of(request), source=address_of(request),
        language=language, brand=brand_in(language, request=request, user=to), now=now, is_meant=to_anybody or to is not None,
    )  # fmt: skip
    if sending is Sending.SENT:
        return True
    if sending is Sending.TOO_SOON and code_waiting(purpose=purpose, browser=browser_of(request), now=now):
        messages.info(request, NOT_SENT[sending])
        return True
    form.add_error("phone", NOT_SENT[sending])
    return False


def code_page(
    request: HttpRequest, template: str, *, purpose: str, again: str, onward: Callable[[str], HttpResponse], **page: Any
) -> HttpResponse:
    """Where the code is typed. `again`: the address at which another one is asked for; `onward`: where a right one leads, by
    the number that it proves; `page`: what else the template names."""
    sent = code_waiting(purpose=purpose, browser=browser_of(request), now=timezone.now())
    if sent is None:
        return ask_again(request, again)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        result = checked(request, form, purpose=purpose)
        if result.answer is Answer.RIGHT:
            return onward(result.phone)
        if result.answer is not Answer.WRONG:
            return redirect(again)
    return render(request, template, {"form": form, "phone": sent.phone, "again": again, **page})


def ask_again(request: HttpRequest, page: str) -> HttpResponse:
    messages.info(request, NOT_RIGHT[Answer.DEAD])
    return redirect(page)


def checked(request: HttpRequest, form: CodeForm, *, purpose: str) -> Checked:
    """What the code in a valid form is; a wrong one is said at the form, one that was not compared above the next page."""
    result = services.check_code(
        purpose=purpose, browser=browser_of(request), code=form.cleaned_data["code"], now=timezone.now()
    )
    if result.answer is Answer.WRONG:
        form.add_error("code", NOT_RIGHT[result.answer])
    elif result.answer is not Answer.RIGHT:
        messages.error(request, NOT_RIGHT[result.answer])
    return result
