"""The account's mobile number: confirmed by a code, changed a day later, stopped by its owner."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.adapters import brand_in
from accounts.forms import MobileForm
from accounts.models import User
from accounts.queries import change_waiting, is_confirmed
from accounts.rules import Purpose
from accounts.views.codes import code_page, is_sent
from accounts.views.sms import own_path, wanted_as_query
from core.form_tokens import sent_once


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
@sent_once
def mobile(request: HttpRequest) -> HttpResponse:
    """`next`: the page that needs the number and goes on with it."""
    form = MobileForm(request.POST or None)
    if form.is_valid() and is_sent(request, form, purpose=Purpose.MOBILE, to=owner(request)):
        return redirect(reverse("accounts:mobile_code") + wanted_as_query(own_path(request)))
    user = owner(request)
    page = {"form": form, "change": change_waiting(user), "may_withdraw": user.phone and is_confirmed(user)}
    return render(request, "accounts/mobile.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
@sent_once
def mobile_code(request: HttpRequest) -> HttpResponse:
    return code_page(
        request, "accounts/mobile_code.html", purpose=Purpose.MOBILE,
        again=reverse("accounts:mobile") + wanted_as_query(own_path(request)),
        onward=lambda phone: take_number(request, phone),
    )  # fmt: skip


def take_number(request: HttpRequest, phone: str) -> HttpResponse:
    user = owner(request)
    try:
        change = services.set_mobile(user=user, phone=phone, brand=brand_for(request), now=timezone.now())
    except services.NumberTaken:
        messages.error(request, _("This number opens another account. Sign in there, or call us."))
        return redirect(reverse("accounts:mobile") + wanted_as_query(own_path(request)))
    if change is None:
        messages.success(request, _("The number is confirmed. You can sign in with it from now on."))
    return redirect(own_path(request) or "accounts:mobile")


@require_POST
@reauthentication_required
@sent_once
def withdraw(request: HttpRequest) -> HttpResponse:
    services.withdraw_mobile(user=owner(request), brand=brand_for(request), now=timezone.now())
    return redirect("accounts:mobile")


@require_POST
@login_required
@sent_once
def keep(request: HttpRequest) -> HttpResponse:
    """To stop asks for no password once more: whoever sees the page may only leave things as they are."""
    if services.stop_change(user=owner(request)):
        messages.success(request, _("Your number stays as it is."))
    return redirect("accounts:mobile")


def owner(request: HttpRequest) -> User:
    """Who is signed in; the decorators let nobody else pass."""
    if not isinstance(request.user, User):
        raise TypeError("a page of an account without one")
    return request.user


def brand_for(request: HttpRequest) -> dict[str, str]:
    user = owner(request)
    return brand_in(user.language, request=request, user=user)
