"""A guest's way to the one page: the link, a code to the contact that the link was sent to, and the end (adr/0028)."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.forms import GuestCodeForm
from accounts.models import GuestAccess
from accounts.queries import address_of, browser_of, code_waiting, guest_access_of_link, guest_cookie, guest_in
from accounts.rules import Answer, Sending
from accounts.services.guests import code_of
from core.form_tokens import sent_once

NOT_SENT = {
    Sending.TOO_SOON: _("A code was sent less than half a minute ago. Wait a little and ask again"),
    Sending.TOO_OFTEN: _("Too many codes were asked for. Try again in an hour, or call us"),
    Sending.LOCKED: _("After six wrong codes no code is sent for two hours. Try again later, or call us"),
    Sending.CLOSED: _("We can send no codes by SMS today. Try again tomorrow, or call us"),
}
NOT_RIGHT = {
    Answer.WRONG: _("This is not the code. Check the newest message"),
    Answer.DEAD: _("This code no longer works. Ask for a new one"),
    Answer.LOCKED: NOT_SENT[Sending.LOCKED],
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def guest(request: HttpRequest, key: str) -> HttpResponse:
    """A button first: mail scanners open links. The browser that has opened it goes straight on; any other is told the
    same as with an invented link."""
    now = timezone.now()
    access = guest_access_of_link(key, now=now)
    if access and access.opened_at and access == guest_in(request, subject=access.subject, now=now):
        return redirect(access.purpose, access.subject)
    if access is None or access.opened_at:
        return no_longer(request)
    if request.method == "POST":
        sending = services.send_guest_code(
            access=access, browser=browser_of(request), source=address_of(request), now=now
        )
        if sending is Sending.SENT:
            return redirect("accounts:guest_code", key)
        messages.warning(request, NOT_SENT[sending])
    return render(request, "accounts/guest/link.html", {"access": access})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest_code(request: HttpRequest, key: str) -> HttpResponse:
    now, browser = timezone.now(), browser_of(request)
    access = guest_access_of_link(key, now=now)
    if access is None or access.opened_at:
        return no_longer(request)
    if code_waiting(purpose=code_of(access), browser=browser, now=now) is None:
        return redirect("accounts:guest", key)
    form = GuestCodeForm(request.POST or None)
    if form.is_valid():
        opened = services.open_with_code(access=access, browser=browser, code=form.cleaned_data["code"], now=now)
        if opened.answer is Answer.RIGHT:
            return let_in(access, opened.key)
        if opened.answer is not Answer.WRONG:
            messages.error(request, NOT_RIGHT[opened.answer])
            return redirect("accounts:guest", key)
        form.add_error("code", NOT_RIGHT[opened.answer])
    page = {"form": form, "access": access, "again": reverse("accounts:guest", args=[key])}
    return render(request, "accounts/guest/code.html", page)


@never_cache
@require_POST
def guest_end(request: HttpRequest, subject: UUID) -> HttpResponse:
    """«Finish»: at somebody else's computer nothing stays open behind the guest."""
    access = guest_in(request, subject=subject, now=timezone.now())
    if access is None:
        raise Http404
    services.end_guest_access(access=access, by=None, now=timezone.now())
    response = render(request, "accounts/guest/finished.html", {"page_address": reverse("home")})
    response.delete_cookie(guest_cookie(subject))
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def let_in(access: GuestAccess, key: str) -> HttpResponse:
    name = guest_cookie(access.subject)
    response = redirect(access.purpose, access.subject)
    response.set_signed_cookie(
        name, key, salt=name, expires=access.until, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def no_longer(request: HttpRequest) -> HttpResponse:
    """One page for a link that was used, ended, ran out or never was."""
    return render(request, "accounts/guest/no_longer.html", status=410)
