"""Letters go to the outbox, links are built from PUBLIC_URL, sign-up is closed, tries are counted in PostgreSQL.

Of what allauth offers for phones only the password beside a number is taken; why the codes are ours: adr/0021.
"""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.hashers import Busy
from accounts.models import User
from accounts.queries import account_known, account_of_phone, address_of
from accounts.rules import tries_in_a_row_of, tries_of
from accounts.services import end_trust, tell
from core import limits
from core.fields import MobileField
from core.limits import Allowance
from notices.services import post

# Sent with `request`, `user` (or None) and `language` when a letter is written. An app above answers with the brand of
# the insurer who speaks, as the templates of notices want it, or with None.
brand_asked = Signal()

# allauth's letter → our notice. A notice about a change says which.
LETTERS = {
    "account/email/password_reset_key": ("password_reset", ""),
    "account/email/unknown_account": ("unknown_account", ""),
    "account/email/password_changed": ("password_changed", ""),
    "account/email/password_reset": ("password_changed", ""),
    "account/email/password_set": ("password_changed", ""),
    "account/email/email_changed": ("account_changed", "email"),
    "account/email/email_deleted": ("account_changed", "email withdrawn"),
    "mfa/email/totp_activated": ("account_changed", "app added"),
    "mfa/email/totp_deactivated": ("account_changed", "app removed"),
    "mfa/email/recovery_codes_generated": ("account_changed", "recovery codes"),
    "mfa/email/webauthn_added": ("account_changed", "passkey added"),
    "mfa/email/webauthn_removed": ("account_changed", "passkey removed"),
    "socialaccount/email/account_connected": ("account_changed", "national sign-in added"),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail or the password is not right. Check both and try again."),
        "phone_password_mismatch": _("The number or the password is not right. Check both and try again."),
        "too_many_login_attempts": _(
            "Too many attempts that did not fit. Wait five minutes, or choose a new password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        kind, change = LETTERS[template_prefix]
        if kind == "unknown_account":
            self._post(kind, email, None, url=settings.PUBLIC_URL + reverse("activation:programmes"))
        elif kind == "password_reset":
            self._post(kind, email, context["user"], url=context["password_reset_url"])
        else:
            self._post(kind, email, context["user"], change=change, when=timezone.localtime().isoformat())

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """After a reset nobody is signed in, so the user goes along: it is their language that counts.

        The number is told as well: whoever reads the mailbox by now is perhaps not its owner.
        """
        kwargs["context"] = {**(kwargs.get("context") or {}), "user": user}
        super().send_notification_mail(template_prefix, user, *args, **kwargs)
        kind, _change = LETTERS[template_prefix]
        brand = brand_in(user.language, request=self.request, user=user)
        tell(user, kind, brand=brand, email="", when=timezone.localtime().isoformat())

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: EmailConfirmationHMAC, signup: bool
    ) -> None:
        """The address that opens the account, or the one that is to replace it.

        Where somebody else has proved it already, it can open no second account: the letter says so, the page does not.
        """
        address = emailconfirmation.email_address
        if address.primary and account_known(address.email):
            self._post("account_known", address.email, address.user, url=settings.PUBLIC_URL + reverse("account_login"))
            return
        self._post(
            "confirm_address" if address.primary else "confirm_new_address", address.email, address.user,
            url=self.get_email_confirmation_url(request, emailconfirmation),
            expires_on=(timezone.localdate() + rules.CONFIRMATION_LIFE).isoformat(),
        )  # fmt: skip

    def _post(self, kind: str, to: str, user: User | None, **facts: str) -> None:
        """A stranger is written to in the language of the page, and forgotten once the letter has left."""
        language = user.language if user else get_language()
        context = {**facts, "brand": brand_in(language, request=self.request, user=user)}
        post(kind, to=to, language=language, context=context, secret=True, forget=user is None)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: EmailConfirmationHMAC) -> str:
        return settings.PUBLIC_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return settings.PUBLIC_URL + reset_path(uid, token)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Staff who have just chosen a password go on to their second factor."""
        if request.user.is_staff and not is_mfa_enabled(request.user):
            return reverse("mfa_index")
        return super().get_password_change_redirect_url(request)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Two accounts may prove one address in the same moment; the database lets one through."""
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Spends the tries before anything is hashed, in one statement; allauth's own limiter asks its cache 24 times.

        What a limit refused was not compared, so it is no failure: a busy source locks nobody's account.
        """
        source, login = f"sign-in:source:{address_of(request)}", login_in(credentials)
        self.failures = [tries_of(login), f"{source}:failures"]
        spent = limits.spend(
            Allowance(self.failures[0], rules.FAILURES_OF_ADDRESS, rules.ADDRESS_WINDOW),
            Allowance(self.failures[1], rules.FAILURES_OF_SOURCE, rules.SOURCE_WINDOW),
            Allowance(source, rules.SIGN_INS_OF_SOURCE, rules.SOURCE_WINDOW),
            wrong_in_a_row(login),
            now=timezone.now(),
        )
        if spent.exhausted:
            limits.give_back(*spent.counts)
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        in_a_row = wrong_in_a_row(login_in(credentials)).key
        try:
            user = super().authenticate(request, **credentials)
        except Busy:  # nothing was compared, so nothing is counted
            limits.give_back(*self.failures, in_a_row)
            raise
        if user:
            limits.reset(in_a_row)
        return user

    def _rollback_login_failed_rl_usage(self) -> None:
        """allauth calls it after the right password."""
        limits.give_back(*self.failures)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth calls it when a new password was chosen by letter."""
        limits.reset(tries_of(login_in(credentials)))

    def set_password(self, user: User, password: str) -> None:
        """Whoever takes a new password may have lost a device: the PIN opens none until its owner says so again."""
        super().set_password(user, password)
        end_trust(user=user)
        limits.reset(*(wrong_in_a_row(login).key for login in (user.email, str(user.phone)) if login))

    # ── Numbers: where allauth asks for an account or its number ──────────────
    def phone_form_field(self, **options: Any) -> MobileField:
        return MobileField(**options)

    def get_user_by_phone(self, phone: str) -> User | None:
        return account_of_phone(phone)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (str(user.phone), True) if user.phone else None

    def is_safe_url(self, url: str | None) -> bool:
        return rules.is_own_path(url or "")


def path_to_new_password(user: User) -> str:
    """For whoever has just typed the code from an SMS: the page that a letter's link would open, once."""
    return reset_path(user_pk_to_url_str(user), default_token_generator.make_token(user))


def reset_path(uid: str, token: str) -> str:
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


def login_in(credentials: dict[str, Any]) -> str:
    """The address or number that was typed. At the question for the password once more allauth names both."""
    return str(credentials.get("email") or credentials["phone"])


def wrong_in_a_row(login: str) -> Allowance:
    """Tries at one login since the last right password or the last new one; a year, so that they are pruned at last."""
    return Allowance(tries_in_a_row_of(login), rules.WRONG_PASSWORDS_IN_A_ROW, timedelta(days=365))


def brand_in(language: str, *, request: HttpRequest | None, user: User | None) -> dict[str, str]:
    """Whose name and number stand in a letter: the insurer's when an app above names one, else the portal's.

    Without a request it is the insurer whose policy the account holds.
    """
    answers: list[Any] = brand_asked.send(AccountAdapter, request=request, user=user, language=language)
    if insurer := next((brand for _receiver, brand in answers if brand), None):
        return insurer
    with override(language):
        return {key: str(value) for key, value in settings.PORTAL_BRAND.items()}
