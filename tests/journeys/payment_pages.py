"""Every page of the payers' room, with money in every stage on it, and the way to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from claims.models import Claim, Instalment, PaymentFile, Penalty
from claims.services.penalties import keep_rate
from policies.models import StaffMembership
from policies.rules import StaffRole
from tests.claims.factories import a_claim, asel, zhanar
from tests.claims.paying import answers, at_once, decided, ordered, the_order
from tests.factories import TODAY
from tests.journeys.visitor import Visitor

A_YEAR = timedelta(days=365)


@dataclass
class Payers:
    """Zhanar pays and approves penalties, as in a small company. One payment came back, one was late and has its penalty, one
    waits for the next file."""

    back: Claim = field(init=False)
    late: Claim = field(init=False)
    waits: Claim = field(init=False)

    def __post_init__(self) -> None:
        self.back = decided(at_once(300_000))
        insurer, self.user = self.back.insurer, zhanar(self.back.insurer)
        StaffMembership.objects.create(user=self.user, insurer=insurer, role=StaffRole.APPROVER)
        self.user.language = get_language()
        self.user.save(update_fields=["language"])
        colleague, now = asel(insurer), timezone.now()
        keep_rate(since=TODAY - A_YEAR, percent=Decimal("16.5"), source="nationalbank.kz", by=colleague, now=now)
        self.late = decided(claim=self.another(), since=TODAY - A_YEAR)
        self.file: PaymentFile = ordered(self.back, by=colleague, now=now)
        rows = ((the_order(self.back), "returned"), (the_order(self.late), "paid"))
        self.answer = answers(self.back, *rows, by=colleague, now=now)
        self.penalty = Penalty.objects.get()
        self.waits = decided(at_once(200_000), claim=self.another())
        self.overdue = decided(at_once(100_000), claim=self.another(), since=TODAY - A_YEAR)

    def another(self) -> Claim:
        assert self.back.claimant
        assert self.back.policy
        return a_claim(self.back.claimant, self.back.policy)


Way = Callable[[Visitor, Payers], Visitor]


def at(path: Callable[[Payers], Any]) -> Way:
    return lambda visitor, world: visitor.opens(f"/claims/payments/{path(world)}")


PAYING: dict[str, Way] = {
    "to pay": at(lambda world: ""),
    "case": at(lambda world: f"cases/{world.back.public_id}/"),
    "files": at(lambda world: "files/"),
    "file": at(lambda world: f"files/{world.file.public_id}/"),
    "answers": at(lambda world: "answers/"),
    "answer": at(lambda world: f"answers/{world.answer.public_id}/"),
    "penalties": at(lambda world: "penalties/"),
    "penalty": at(lambda world: f"penalties/{world.penalty.public_id}/"),
    "late": at(lambda world: f"late/{Instalment.objects.get(claim=world.overdue).public_id}/"),
    "rates": at(lambda world: "rates/"),
}
