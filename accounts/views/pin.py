"""The PIN: typed at the sign-in of a trusted device, chosen and taken back in the profile (adr/0025)."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.forms import NewPinForm, PinForm
from accounts.models import User
from accounts.queries import PIN, device_key, opened_by_pin_alone, trusted_device, trusted_devices
from accounts.rules import Answer
from accounts.views.mobile import brand_for, owner
from accounts.views.sms import own_path, wanted_as_query
from core.form_tokens import sent_once


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Only where this browser is trusted. The contact was proved at the sign-in before that; a second step still follows."""
    device = trusted_device(request)
    if request.user.is_authenticated or device is None:
        return redirect("account_login")
    wanted = own_path(request)
    form = PinForm(request.POST or None)
    if form.is_valid():
        answer = services.check_pin(device=device, pin=form.cleaned_data["pin"], now=timezone.now())
        if answer is Answer.RIGHT:
            return services.sign_in(request, user=device.user, method=PIN, then=wanted or None, proves_contact=True)
        if answer is Answer.LOCKED:
            messages.error(request, _("After five wrong PINs this device opens with the password again."))
            return redirect(reverse("account_login") + wanted_as_query(wanted))
        form.add_error("pin", _("This is not the PIN. After five wrong ones the password is asked"))
    return render(request, "accounts/sign_in_pin.html", {"form": form, "device": device, "next": wanted})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
@sent_once
def pin(request: HttpRequest) -> HttpResponse:
    user = client(request)
    if not user.has_usable_password():  # nothing could be asked in the PIN's place, so it would be the whole key
        messages.info(request, _("Choose a password first: it is asked when the PIN is forgotten."))
        return redirect("account_set_password")
    form = NewPinForm(request.POST or None, user=user)
    if form.is_valid():
        services.set_pin(user=user, pin=form.cleaned_data["pin"], brand=brand_for(request), now=timezone.now())
        return redirect("accounts:device")
    return render(request, "accounts/pin.html", {"form": form, "devices": trusted_devices(user)})


@require_POST
@reauthentication_required
@sent_once
def remove(request: HttpRequest) -> HttpResponse:
    services.remove_pin(user=client(request), brand=brand_for(request), now=timezone.now())
    messages.success(request, _("The PIN is removed. Every device asks for the password again."))
    return redirect("accounts:profile")


@require_POST
@login_required
@sent_once
def end_trust(request: HttpRequest) -> HttpResponse:
    """A lost phone: to close asks for no password once more."""
    services.end_trust(user=client(request))
    messages.success(request, _("Every device asks for the password again."))
    return redirect("accounts:profile")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sent_once
def device(request: HttpRequest) -> HttpResponse:
    """Shall this browser open with the PIN? A session that the PIN itself opened cannot say so."""
    user, wanted = client(request), own_path(request)
    if not user.pin or opened_by_pin_alone(request):
        return redirect(wanted or "accounts:profile")
    if request.method != "POST":
        return render(request, "accounts/device.html", {"next": wanted})
    if request.POST.get("trust") == "yes" and services.trust_device(
        user=user, key=device_key(request), brand=brand_for(request), now=timezone.now()
    ):
        messages.success(request, _("From now on this device opens with the PIN."))
    return redirect(wanted or settings.LOGIN_REDIRECT_URL)


def client(request: HttpRequest) -> User:
    """Staff have no PIN."""
    user = owner(request)
    if user.is_staff:
        raise Http404
    return user
