"""Every page of the coordinators' room, with somebody on each, and the way to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from policies.models import Insurer, StaffMembership
from policies.rules import Rendering, StaffRole
from telemed.models import Attempt, PresenceSpan
from telemed.rules import AttemptResult, Means, State
from telemed.services.duty import go_on_duty
from telemed.services.quality import file_claim
from tests.factories import a_borrower, an_insurer
from tests.journeys.visitor import Visitor
from tests.people import aigul, oksana, yerlan, zarina
from tests.telemed.after import a_talk, sent
from tests.telemed.factories import a_booking, a_consultation, a_doctor, a_patient, a_specialist

MINUTE = timedelta(minutes=1)


@dataclass
class Assistance:
    """A day with somebody in every state, at one of the two insurers that Zarina serves."""

    insurer: Insurer = field(default_factory=lambda: an_insurer("nomad-life"))

    def __post_init__(self) -> None:
        self.user = zarina(self.insurer)
        StaffMembership.objects.create(user=self.user, insurer=an_insurer("sogaz"), role=StaffRole.COORDINATOR)
        self.user.language = get_language()
        self.user.save(update_fields=["language"])
        self.account, now = aigul(), timezone.now()
        self.policy = policy = a_patient(self.account, a_borrower(given_name="Айгуль", surname="Садыкова"))
        self.doctor, specialist = a_doctor(oksana(), insurer=self.insurer), a_specialist(yerlan(), insurer=self.insurer)
        go_on_duty(doctor=self.doctor, now=now)
        waits = a_consultation(self.account, policy, queued_at=now - 12 * MINUTE)
        PresenceSpan.objects.create(consultation=waits, since=now - 12 * MINUTE, until=now)
        a_consultation(self.account, policy, close_one="Мама", queued_at=now - MINUTE, by_telephone=True)
        self.missed(now - 4 * MINUTE, State.UNANSWERED, close_one="Брат")
        a_consultation(
            self.account,
            policy,
            State.TALKING,
            doctor=specialist,
            began_at=now - MINUTE,
            called_at=now,
            close_one="Әке",
        )
        a_booking(self.account, policy, specialist, now + 10 * MINUTE)
        late = {"rendered_at": now, "rendered_as": Rendering.NO_SHOW, "ended_at": now}
        self.missed(now - 9 * MINUTE, State.NOT_REACHED, close_one="Ана", **late)
        talk = a_talk(self.account, policy, self.doctor, called_at=now - 20 * MINUTE, queued_at=now - 22 * MINUTE)
        sent(talk, at=now)
        self.claim = file_claim(consultation=talk, text="Врач торопился", by=self.account, now=now)
        paid = {"price": 5000, "payment_reference": "Kaspi 117"}
        self.owed = a_consultation(self.account, policy, State.CANCELLED, ended_at=now, **paid)

    def missed(self, called_at: datetime, state: State, **facts: Any) -> None:
        """With one attempt by telephone."""
        one = a_consultation(self.account, self.policy, state, doctor=self.doctor, called_at=called_at, **facts)
        Attempt.objects.create(
            consultation=one, called_at=called_at, number=1, doctor=self.doctor, at=called_at + 3 * MINUTE,
            result=AttemptResult.NO_ANSWER, means=Means.OWN_TELEPHONE,
        )  # fmt: skip


Way = Callable[[Visitor, Assistance], Visitor]


def figures_in_full(visitor: Visitor, assistance: Assistance) -> Visitor:
    """With the numbers of the charts."""
    visitor.opens("/assistance/figures/").is_at("Figures").reads("By kind of consultation")
    for summary in visitor.main.get_by_role("group").locator("summary").all():
        summary.click()
    return visitor.reads("up to %(minutes)s min", minutes=1)


ROOM: dict[str, Way] = {
    "now": lambda visitor, assistance: visitor.opens("/assistance/").is_at("What goes on now").reads("asks for a call"),
    "figures": figures_in_full,
    "wrong days": lambda visitor, assistance: visitor.opens(
        "/assistance/figures/?first=2.11.2026&last=1.11.2026"
    ).reads("The last day is not before the first"),
    "no figures": lambda visitor, assistance: visitor.opens("/assistance/figures/?period=last_month").reads(
        "Nobody has asked"
    ),
    "requests": lambda visitor, assistance: visitor.opens("/assistance/requests/").reads("not reached"),
    "claims": lambda visitor, assistance: visitor.opens("/assistance/claims/").reads("to be answered"),
    "a claim": lambda visitor, assistance: visitor.opens(f"/assistance/claims/{assistance.claim.public_id}/").reads(
        "The outcome cannot be changed afterwards."
    ),
    "export": lambda visitor, assistance: visitor.opens("/assistance/export/").is_at("Export"),
    "payments": lambda visitor, assistance: visitor.opens("/assistance/payments/").reads("Nobody waits"),
    "a payment back": lambda visitor, assistance: visitor.opens(
        f"/assistance/payments/{assistance.owed.public_id}/back/"
    ).is_at("Note a payment back"),
}
