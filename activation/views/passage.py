"""What this browser may do next, in signed cookies: half an hour with a number that it proved, 15 minutes between the steps, 72
hours for the letter it began.

No session: a stranger's attempts write none, and another browser's cookie is another browser's (security.md, A9).
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.queries import account_of
from activation.models import Activation
from activation.queries import activation_with_policy
from activation.rules import LINK, NUMBER_IS_PROVED, PASSAGE, Proof
from activation.services.begin import Claimed
from policies.models import Policy, ProductVersion
from policies.queries import has_consents, policy_with_insured
from policies.rules import ConsentCode

STEP_COOKIE, BEGUN_COOKIE, NUMBER_COOKIE = (f"{settings.HOST_PREFIX}{name}" for name in ("passage", "begun", "number"))


@dataclass(frozen=True)
class Passage:
    """The facts were right. `proof` is None while the second proof is still owed."""

    policy: Policy
    nonce: str
    proof: Proof | None
    consents: tuple[ConsentCode, ...]

    @property
    def claimed(self) -> Claimed:
        if not self.proof:
            raise ValueError("the second proof is owed")
        return Claimed(self.policy, self.proof, self.nonce, self.consents)


def hand_out(response: HttpResponse, policy: Policy, proof: Proof | None, nonce: str | None = None) -> HttpResponse:
    """The nonce is spent by the one activation that this passage may make."""
    value = f"{policy.pk}:{nonce or secrets.token_hex(16)}:{proof or ''}"
    _set(response, STEP_COOKIE, value, int(PASSAGE.total_seconds()))
    return response


def passage_of(request: HttpRequest, product: ProductVersion) -> Passage | None:
    value = _get(request, STEP_COOKIE, int(PASSAGE.total_seconds()))
    if not value or (product.terms.door.needs_account and not account_of(request)):
        return None
    pk, nonce, proof = value.split(":")
    policy = policy_with_insured(pk=pk, product_version__product=product.product)  # whose consents are asked here
    if not policy or is_of_another_tab(request, policy):
        return None
    return Passage(policy, nonce, Proof(proof) if proof else None, consents_owed(request, product))


def consents_owed(request: HttpRequest, product: ProductVersion) -> tuple[ConsentCode, ...]:
    """Where one registers first they were asked then (SGZ-14), unless they were withdrawn since."""
    asked, user = product.terms.consents, account_of(request)
    asked_before = product.terms.door.needs_account and has_consents(user, insurer=product.product.insurer, codes=asked)
    return () if asked_before else asked


def is_of_another_tab(request: HttpRequest, policy: Policy) -> bool:
    """Tabs share the cookie: a form that was drawn for one policy does nothing to the one that was found after it."""
    drawn_for = request.POST.get("policy")
    return drawn_for is not None and drawn_for != str(policy.public_id)


def remember_number(response: HttpResponse, phone: str) -> HttpResponse:
    """A code has just proved `phone` in this browser; what was found by another number is found anew."""
    response.delete_cookie(STEP_COOKIE)
    _set(response, NUMBER_COOKIE, phone, int(NUMBER_IS_PROVED.total_seconds()))
    return response


def number_of(request: HttpRequest) -> str:
    """The number that this browser has proved; nothing where it has not, or too long ago."""
    return _get(request, NUMBER_COOKIE, int(NUMBER_IS_PROVED.total_seconds()))


def remember_begun(response: HttpResponse, activation: Activation) -> HttpResponse:
    response.delete_cookie(STEP_COOKIE)
    _set(response, BEGUN_COOKIE, str(activation.public_id), int(LINK.total_seconds()))
    return response


def begun_in(request: HttpRequest) -> Activation | None:
    """The activation that this browser began, whatever its state is by now."""
    public_id = _get(request, BEGUN_COOKIE, int(LINK.total_seconds()))
    if not public_id:
        return None
    return activation_with_policy(public_id)


def forget(response: HttpResponse) -> HttpResponse:
    for name in (STEP_COOKIE, BEGUN_COOKIE, NUMBER_COOKIE):
        response.delete_cookie(name)
    return response


def _set(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    response.set_signed_cookie(
        name, value, salt=name, max_age=seconds, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def _get(request: HttpRequest, name: str, seconds: int) -> str:
    return request.get_signed_cookie(name, default="", salt=name, max_age=seconds) or ""
