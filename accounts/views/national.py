"""Signing in with a national service: to its page and back, and the connection in the profile."""

from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import rules, services
from accounts.adapters import NationalDoor, national_sign_in
from accounts.adapters.national import not_identified, sent_back
from accounts.gateways.openid import NotIdentified
from accounts.queries import address_of, has_national_sign_in
from accounts.views.mobile import brand_for, owner
from accounts.views.sms import own_path
from core import limits
from core.limits import Allowance


@never_cache
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    return lead_on(request, AuthProcess.LOGIN, then=own_path(request))


@never_cache
@require_POST
@reauthentication_required
def connect(request: HttpRequest) -> HttpResponse:
    if owner(request).is_staff:
        raise PermissionDenied
    return lead_on(request, AuthProcess.CONNECT)


def lead_on(request: HttpRequest, process: str, *, then: str = "") -> HttpResponse:
    """A page that leads on by itself: our CSP lets no form end on another host, and whose page comes next is worth a word."""
    provider = national_sign_in(request)
    source = Allowance(f"national:source:{address_of(request)}", rules.BEGINNINGS_OF_SOURCE, rules.HOUR)
    if limits.spend(source, now=timezone.now()).exhausted:
        words = _("Too many sign-ins began here. Try again in an hour, or sign in another way.")
        return sent_back(request, words).response
    try:
        address = provider.redirect(request, process=process, next_url=then or None).url
    except NotIdentified as reason:
        return not_identified(request, reason).response
    page = render(request, "accounts/national_onward.html", {"service": provider.name, "address": address})
    page["Refresh"] = f"0; url={address}"
    return page


@never_cache
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """The browser comes back with a code. `state` has to be of this session and works once."""
    national_sign_in(request)
    try:
        return OAuth2CallbackView.adapter_view(NationalDoor(request))(request)
    except NotIdentified as reason:
        return not_identified(request, reason).response


@never_cache
@require_safe
@login_required
def connection(request: HttpRequest) -> HttpResponse:
    service = national_sign_in(request).name
    page = {"service": service, "is_connected": has_national_sign_in(owner(request))}
    return render(request, "accounts/national.html", page)


@never_cache
@require_POST
@reauthentication_required
def disconnect(request: HttpRequest) -> HttpResponse:
    """Also where the service is switched off by now: whoever came by it may leave it."""
    try:
        if services.disconnect_national(user=owner(request), brand=brand_for(request), now=timezone.now()):
            messages.success(request, _("The connection is ended."))
    except services.LastWayIn:
        words = _("Nothing else opens your cabinet yet. First confirm an e-mail or a mobile number, or add a passkey.")
        messages.warning(request, words)
    return redirect("accounts:profile")
