"""National sign-in: allauth's OpenID Connect with a nonce, verified tokens, and claims that are trimmed before storage.

What stays is a keyed hash of who the provider says it is. The claims live as long as the request (adr/0026).
"""

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.dispatch import Signal
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import services
from accounts.gateways import openid
from accounts.models import User
from accounts.queries import account_known
from accounts.rules import Identity, hash_of, identity_in, proved_email

logger = logging.getLogger(__name__)

# Sent with `user`, `identity` (accounts.rules.Identity) and `language` when the state has said who an account's owner is.
# An app above answers with how many policies it has added.
identity_shown = Signal()

NATIONAL = services.NATIONAL


class NationalDoor(OpenIDConnectOAuth2Adapter):
    """The exchange with the provider. Every question goes through core.outbound."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, NATIONAL)

    @cached_property
    def about(self) -> openid.Provider:
        return openid.discover(settings.NATIONAL_ID_ISSUER)

    @property
    def authorize_url(self) -> str:
        return self.about.authorization

    @property
    def access_token_url(self) -> str:
        return self.about.token

    @property
    def basic_auth(self) -> bool:
        return self.about.takes_basic

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """On the host where it began, for the session that remembers it is there."""
        return request.build_absolute_uri(reverse("accounts:national_callback"))

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """Not the tokens: the verified claims. Raise NotIdentified."""
        known = openid.Client(settings.NATIONAL_ID_ISSUER, app.client_id, app.secret)
        verifier = pkce_code_verifier or ""
        redemption = openid.Redemption(request.GET["code"], verifier, client.callback_url, nonce_of(verifier))
        return openid.redeem(known, self.about, redemption)

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """None is kept, not even until the end of the request."""
        return SocialToken()

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, *, response: dict[str, Any], **kwargs: Any
    ) -> SocialLogin:
        """Here the claims end: what goes on is a hash, a proved address, and in memory who it is."""
        uid = services.national_uid(issuer=settings.NATIONAL_ID_ISSUER, subject=str(response["sub"]))
        email = proved_email(response)
        login = SocialLogin(
            user=User(email=email, language=get_language() or "ru"),
            account=SocialAccount(provider=NATIONAL, uid=uid, extra_data={}),
            email_addresses=[EmailAddress(email=email, verified=True, primary=True)] if email else [],
            provider=self.get_provider(),
        )
        login.identity = identity_in(response, iin_claim=settings.NATIONAL_ID_IIN_CLAIM)
        return login


class NationalProvider(OpenIDConnectProvider):
    oauth2_adapter_class = NationalDoor

    def get_oauth2_adapter(self, request: HttpRequest) -> NationalDoor:
        return NationalDoor(request)

    def get_pkce_params(self) -> dict[str, Any]:
        """The nonce comes from the verifier, which this browser's session keeps: allauth itself sends none."""
        pkce = generate_code_challenge()
        return {**pkce, "nonce": nonce_of(pkce["code_verifier"])}

    def get_scope(self) -> list[str]:
        return list(settings.NATIONAL_ID_SCOPES)


def nonce_of(verifier: str) -> str:
    return hash_of(f"nonce {verifier}")


def national_sign_in(request: HttpRequest) -> NationalProvider:
    """Raise Http404 where there is none: its addresses are not there either."""
    if not settings.NATIONAL_ID_ISSUER:
        raise Http404
    app = SocialApp(
        provider=OpenIDConnectProvider.id, provider_id=NATIONAL, name=settings.NATIONAL_ID_NAME,
        client_id=settings.NATIONAL_ID_CLIENT, secret=settings.NATIONAL_ID_SECRET,
    )  # fmt: skip
    return NationalProvider(request, app=app)


class NationalAdapter(DefaultSocialAccountAdapter):
    """One provider, named by settings and by no row. Who comes by it is connected, begins, or is sent to sign in first."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> NationalProvider:
        return national_sign_in(request)

    def list_providers(self, request: HttpRequest) -> list[NationalProvider]:
        """Our pages draw the button themselves."""
        return []

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Staff come with a password and a second step: what another organisation says opens no desk."""
        if sociallogin.is_existing and sociallogin.user.is_staff:
            raise sent_back(request, _("Staff sign in with the password and the second step."))
        is_sign_in = sociallogin.is_existing and sociallogin.state["process"] == AuthProcess.LOGIN
        if is_sign_in and sociallogin.user.is_active:  # to a closed account nothing is added
            tell_identity(request, sociallogin)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """An address that opens a cabinet already is no proof that the cabinet is theirs: whoever owns it signs in once."""
        if account_known(sociallogin.user.email):
            words = _("Your e-mail opens a cabinet already. Sign in there and connect %(service)s in the profile.")
            raise sent_back(request, words % {"service": settings.NATIONAL_ID_NAME})
        return True

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Of two tabs that begin one account at once the second starts over and finds it."""
        try:
            user = services.open_national_account(request, sociallogin=sociallogin)
        except IntegrityError as error:
            raise sent_back(request, _("This did not work. Begin again.")) from error
        tell_identity(request, sociallogin)
        return user

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("accounts:national")

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """The person said no there, the provider did, or the state is not this session's: a sentence, and the usual ways in."""
        if error == AuthError.CANCELLED:
            raise sent_back(request, _("You came back without signing in."))
        if "error" in request.GET:
            raise not_identified(request, openid.NotIdentified("the provider answered with an error"))
        raise sent_back(request, _("This sign-in began in another browser or too long ago. Begin again."))


def not_identified(request: HttpRequest, reason: openid.NotIdentified) -> ImmediateHttpResponse:
    """Whose fault it is stands in the log."""
    logger.warning("National sign-in: %s", reason)
    words = _("%(service)s did not confirm who you are. Try again later, or sign in with your e-mail or number.")
    return sent_back(request, words % {"service": settings.NATIONAL_ID_NAME})


def sent_back(request: HttpRequest, words: str) -> ImmediateHttpResponse:
    """To the sign-in page, or for whom is signed in to the page of this connection."""
    messages.warning(request, words)
    return ImmediateHttpResponse(
        redirect("accounts:national" if request.user.is_authenticated else "account_login")
    )  # fmt: skip


def tell_identity(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """The apps above look for what belongs to this person. Whatever is found is said on the next page."""
    identity: Identity | None = getattr(sociallogin, "identity", None)
    if identity is None:
        return
    answers: list[Any] = identity_shown.send(
        NationalAdapter, user=sociallogin.user, identity=identity, language=get_language() or "ru"
    )
    if any(added for _receiver, added in answers):
        messages.success(request, _("We found your policies by your IIN: they are in your cabinet."))
