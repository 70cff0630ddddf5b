"""What is killed: a notice, an approval, an answer of the bank; each about the only claim or policy that is there."""

from accounts.models import User
from claims.models import Claim, Decision, PaymentOrder
from claims.rules.events import InsuredEvent
from claims.rules.people import ClaimantRole
from claims.services.decide import approve
from claims.services.notice import Claimant, Told, give_notice
from policies.models import Policy
from tests.claims.factories import DIED_ON, NOW
from tests.claims.paying import answers


def somebody(email: str) -> User:
    return User.objects.get(email=email)


def notice() -> None:
    user = somebody("aigul@example.kz")
    told = Told(InsuredEvent.DISABILITY, DIED_ON, "KZ")
    claimant = Claimant(ClaimantRole.INSURED, "Садыкова Айгүл", email=user.email)
    give_notice(policy=Policy.objects.get(), told=told, claimant=claimant, by=user, now=NOW)


def approval() -> None:
    approve(decision=Decision.objects.get(), by=somebody("asel@example.kz"), now=NOW)


def answer() -> None:
    rows = [(order, "paid") for order in PaymentOrder.objects.order_by("pk")]
    answers(Claim.objects.select_related("insurer").get(), *rows, by=somebody("zhanar@example.kz"))
