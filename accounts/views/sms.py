"""Before signing in: a code to a mobile number opens the account, or lets its owner choose a new password."""

from urllib.parse import urlencode

from allauth.account.views import password_reset
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import rules, services
from accounts.adapters import path_to_new_password
from accounts.forms import MobileForm, ResetPasswordForm
from accounts.models import User
from accounts.queries import account_of_phone, is_known_device
from accounts.rules import Purpose
from accounts.views.codes import ask_again, code_page, is_sent


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Which number? From this page, or from the box of the sign-in page, whose second button leads here."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    wanted = own_path(request)
    form = mobile_form(request, "login")
    if form.is_valid() and is_sent(
        request, form, purpose=Purpose.SIGN_IN, to=account_of_phone(form.cleaned_data["phone"])
    ):
        return redirect(reverse("accounts:sign_in_code") + wanted_as_query(wanted))
    return render(request, "accounts/sign_in_sms.html", {"form": form, "next": wanted})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The code is right: in, past whatever second step the account has."""
    wanted = own_path(request)
    return code_page(
        request, "accounts/sign_in_code.html", purpose=Purpose.SIGN_IN, again=reverse("accounts:sign_in_sms"), next=wanted,
        onward=lambda phone: signed_in(request, account_of_phone(phone), then=wanted or None),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """The password is forgotten: an address goes on to allauth, a number is sent a code."""
    number = mobile_form(request, "email")
    if request.method != "POST" or not number.is_valid():
        return password_reset(request)  # which says what is wrong with what is neither
    if is_sent(request, number, purpose=Purpose.RECOVERY, to=account_of_phone(number.cleaned_data["phone"])):
        return redirect("accounts:new_password_code")
    form = ResetPasswordForm(request.POST)
    form.add_error("email", number.errors["phone"])
    return render(request, "account/password_reset.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_password_code(request: HttpRequest) -> HttpResponse:
    """The code is right: on to the page that a letter's link would open. Nobody is signed in by it."""
    return code_page(
        request, "accounts/new_password_code.html", purpose=Purpose.RECOVERY, again=reverse("account_reset_password"),
        onward=lambda phone: to_new_password(request, account_of_phone(phone)),
    )  # fmt: skip


def mobile_form(request: HttpRequest, box: str) -> MobileForm:
    """`box`: how the field is called on the page where one box takes addresses as well."""
    if request.method != "POST":
        return MobileForm()
    return MobileForm({"phone": request.POST.get("phone", request.POST.get(box, ""))})


def own_path(request: HttpRequest) -> str:
    """Where on this host whoever signs in wanted to go; else nothing."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    return wanted if rules.is_own_path(wanted) else ""


def wanted_as_query(wanted: str) -> str:
    return "?" + urlencode({"next": wanted}) if wanted else ""


def signed_in(request: HttpRequest, user: User | None, *, then: str | None) -> HttpResponse:
    """Nobody: the account was closed while the SMS was on its way."""
    if user is None:
        return ask_again(request, "accounts:sign_in_sms")
    if not may_sign_in(request, user):
        messages.warning(
            request,
            _("Your number changed less than 7 days ago, so on a new device it opens nothing by itself. "
              "Sign in with the password."),
        )  # fmt: skip
        return redirect("account_login")
    return services.sign_in(request, user=user, method="code", then=then, proves_contact=True)


def may_sign_in(request: HttpRequest, user: User) -> bool:
    """Whether a code is enough here. On a new device a number that changed lately is not."""
    return number_suffices(user) or is_known_device(request, user)


def to_new_password(request: HttpRequest, user: User | None) -> HttpResponse:
    if user is None:
        return ask_again(request, "account_reset_password")
    if not number_suffices(user):
        messages.warning(
            request,
            _("Your number changed less than 7 days ago, so it does not give a new password yet. "
              "Use your e-mail, or call us."),
        )  # fmt: skip
        return redirect("account_reset_password")
    return redirect(path_to_new_password(user))


def number_suffices(user: User) -> bool:
    return rules.sms_alone_suffices(changed_at=user.phone_changed_at, now=timezone.now())
