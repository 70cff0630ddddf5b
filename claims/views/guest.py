"""The notice without an account: a contact, a code, the form. And the way back to the case, by its number and a code."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.adapters import brand_in
from accounts.forms import GuestCodeForm
from accounts.queries import address_of, browser_of, code_waiting
from accounts.rules import Answer, Sending
from accounts.views.guests import NOT_RIGHT, NOT_SENT, let_in
from claims.forms.notice import ContactForm, GuestNoticeForm, ReturnForm
from claims.queries.cases import claim_to_return_to, insurers_to_tell
from claims.services.notice import TooMany, give_notice_as_guest, open_case
from claims.views.notice import TOO_MANY
from core.form_tokens import sent_once
from policies.middleware import serve_for
from policies.models import Insurer

NOTICE, RETURN = "claims:notice", "claims:return"  # purposes of codes
CONTACT_COOKIE, NUMBER_COOKIE = (f"{settings.HOST_PREFIX}claims-{name}" for name in ("contact", "number"))
HALF_AN_HOUR = 1800  # seconds: so long a proved contact waits for the form, and a number for its code


# ── To whom ──────────────────────────────────────────────────────────────────
@never_cache
@require_safe
def insurers(request: HttpRequest) -> HttpResponse:
    """On a neutral host the first question is whose insurance it is."""
    here: Insurer | None = request.insurer  # type: ignore[attr-defined]
    found = [one for one in insurers_to_tell() if not here or one == here]
    if len(found) == 1:
        return redirect("claims:guest", found[0].slug)
    return render(request, "claims/guest/insurers.html", {"insurers": found})


def insurer_named(request: HttpRequest, slug: str) -> Insurer:
    found = next((one for one in insurers_to_tell() if one.slug == slug), None)
    if found is None:
        raise Http404
    serve_for(request, found)
    return found


# ── A contact and its code ───────────────────────────────────────────────────
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, insurer: str) -> HttpResponse:
    found, form = insurer_named(request, insurer), ContactForm(request.POST or None)
    if form.is_valid() and is_sent(request, form, purpose=NOTICE, is_meant=True):
        return redirect("claims:guest_code", insurer)
    return render(request, "claims/guest/contact.html", {"form": form, "insurer": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, insurer: str) -> HttpResponse:
    insurer_named(request, insurer)
    again = reverse("claims:guest", args=[insurer])
    proved = typed_code(request, purpose=NOTICE, again=again)
    if isinstance(proved, HttpResponse):
        return proved
    return kept(redirect("claims:guest_notice", insurer), CONTACT_COOKIE, proved)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def notice(request: HttpRequest, insurer: str) -> HttpResponse:
    """Registered before anybody looks for a contract: the answer is the same whether there is one (adr/0042)."""
    found, proved = insurer_named(request, insurer), cookie_of(request, CONTACT_COOKIE)
    if not proved:
        return redirect("claims:guest", insurer)
    form = GuestNoticeForm(request.POST or None, contact=proved)
    if form.is_valid() and (answer := registered(request, form, found)):
        return answer
    return render(request, "claims/guest/notice.html", {"form": form, "contact": proved, "insurer": found})


def registered(request: HttpRequest, form: GuestNoticeForm, insurer: Insurer) -> HttpResponse | None:
    """None: the form says why not."""
    try:
        _claim, access, key = give_notice_as_guest(
            insurer=insurer, told=form.told, about=form.about, claimant=form.claimant, source=address_of(request),
            now=timezone.now(),
        )  # fmt: skip
    except TooMany:
        form.add_error(None, TOO_MANY)
        return None
    return let_in(access, key)


# ── The way back ─────────────────────────────────────────────────────────────
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def way_back(request: HttpRequest) -> HttpResponse:
    """A wrong number, or another's contact, is answered the same: no code leaves, and nobody can tell."""
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        number, contact = form.cleaned_data["number"], form.cleaned_data["contact"]
        claim = claim_to_return_to(number, contact)
        if is_sent(request, form, purpose=RETURN, is_meant=claim is not None):
            return kept(redirect("claims:return_code"), NUMBER_COOKIE, str(number))
    return render(request, "claims/guest/return.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def return_code(request: HttpRequest) -> HttpResponse:
    again = reverse("claims:return")
    proved = typed_code(request, purpose=RETURN, again=again)
    if isinstance(proved, HttpResponse):
        return proved
    number = cookie_of(request, NUMBER_COOKIE)
    claim = claim_to_return_to(int(number), proved) if number else None
    if claim is None:
        return redirect(again)
    access, key = open_case(claim, contact=proved, now=timezone.now())
    return let_in(access, key)


# ── What both share ──────────────────────────────────────────────────────────
def is_sent(request: HttpRequest, form: ContactForm, *, purpose: str, is_meant: bool) -> bool:
    """Whether a code is on its way, or would be; else the form says why not."""
    to, language = form.cleaned_data["contact"], get_language() or "ru"
    contact = {"email": to} if "@" in to else {"phone": to}
    sending = services.send_code(
        **contact, purpose=purpose, browser=browser_of(request), source=address_of(request), language=language,
        brand=brand_in(language, request=request, user=None), now=timezone.now(), is_meant=is_meant,
    )  # fmt: skip
    if sending is Sending.SENT:
        return True
    if sending is Sending.TOO_SOON and code_waiting(
        purpose=purpose, browser=browser_of(request), now=timezone.now()
    ):  # fmt: skip
        messages.info(request, NOT_SENT[sending])
        return True
    form.add_error("contact", NOT_SENT[sending])
    return False


def typed_code(request: HttpRequest, *, purpose: str, again: str) -> HttpResponse | str:
    """The contact that the right code proves; else what the browser is answered."""
    now, browser = timezone.now(), browser_of(request)
    sent = code_waiting(purpose=purpose, browser=browser, now=now)
    if sent is None:
        return redirect(again)
    form = GuestCodeForm(request.POST or None)
    if form.is_valid():
        checked = services.check_code(purpose=purpose, browser=browser, code=form.cleaned_data["code"], now=now)
        if checked.answer is Answer.RIGHT:
            return checked.phone or checked.email
        if checked.answer is not Answer.WRONG:
            messages.error(request, NOT_RIGHT[checked.answer])
            return redirect(again)
        form.add_error("code", NOT_RIGHT[checked.answer])
    return render(request, "claims/guest/code.html", {"form": form, "contact": sent.contact, "again": again})


def kept(response: Any, name: str, value: str) -> HttpResponse:
    response.set_signed_cookie(
        name, value, salt=name, max_age=HALF_AN_HOUR, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    answer: HttpResponse = response
    return answer


def cookie_of(request: HttpRequest, name: str) -> str:
    return request.get_signed_cookie(name, default="", salt=name, max_age=HALF_AN_HOUR) or ""
