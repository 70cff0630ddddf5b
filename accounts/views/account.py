"""Beside allauth's pages: the language, the letter once more, the one-time link of staff."""

from allauth.account.internal.flows.email_verification import send_verification_email_at_login
from allauth.account.internal.stagekit import unstash_login
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import rules, services
from accounts.forms import SessionForm
from accounts.queries import STAFF_LINK, account_of, has_national_sign_in
from accounts.views.mobile import owner
from core.form_tokens import sent_once


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read this site in another language from now on, and return to the page where the choice was made."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        services.set_language(user=request.user, language=code)
    wanted = request.POST.get("next", "")
    response = redirect(wanted if rules.is_own_path(wanted) else "/")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


@require_safe
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """What belongs to the account rather than to a policy: address, password, second step, devices, the way out."""
    facts = {
        "has_second_step": is_mfa_enabled(request.user),
        "is_connected": has_national_sign_in(owner(request)),
    }
    return render(request, "accounts/profile.html", facts)


@require_POST
@login_required
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out on the one device whose number the list of sessions sent along."""
    user, form = account_of(request), SessionForm(request.POST)
    if user and form.is_valid():
        here, number = request.session.session_key or "", form.cleaned_data["session"]
        if services.end_session(user=user, number=number, except_key=here):
            messages.info(request, _("That device is signed out."))
    return redirect("usersessions_list")


@require_safe
def letter_sent(request: HttpRequest) -> HttpResponse:
    """Instead of allauth's page, which does not say to whom: a mistyped address is seen here or never."""
    login = unstash_login(request, peek=True)
    address = login.user.email if login and login.user else ""
    return render(request, "account/verification_sent.html", {"address": address})


@require_POST
@sent_once
def letter(request: HttpRequest) -> HttpResponse:
    """The confirmation letter once more, for the person who has just given the right password (NSK-14)."""
    login = unstash_login(request, peek=True)
    if login is None:
        return redirect("account_login")
    if not send_verification_email_at_login(request, login):
        messages.info(request, _("A letter was sent less than three minutes ago. Please wait a little."))
    return redirect("account_email_verification_sent")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, key: str) -> HttpResponse:
    """A button first: mail scanners open links, and opening must not spend them."""
    if request.method != "POST":
        return render(request, "accounts/link.html")
    try:
        user = services.use_staff_link(key=key, now=timezone.now())
    except services.LinkSpent:
        return render(request, "accounts/link_spent.html", status=410)
    then = reverse("admin:index" if settings.DEMO or user.has_usable_password() else "account_set_password")
    return services.sign_in(request, user=user, method=STAFF_LINK, then=then)
