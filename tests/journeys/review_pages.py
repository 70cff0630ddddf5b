"""Every page of the reviewers' room, with a claim in every stage on it, and the way to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import get_language
from playwright.sync_api import expect

from accounts.models import User
from claims.models import Claim, Decision, ExcludedCountry, Wording
from claims.rules.life import Way
from claims.services.accounts import ask_for_account
from claims.services.examinations import ask_for_examination
from claims.services.objections import file_objection
from claims.services.openings import note_opening
from claims.services.suspending import ask_authority
from policies.models import Insurer, StaffMembership
from policies.rules import StaffRole
from tests.claims.desk import a_case, delivered, proposed_payout, refused, reviewed
from tests.claims.factories import NOW, a_certificate, a_checklist, a_claim, a_guests_claim, asel, bakyt
from tests.claims.paying import IBANS, decided, monthly, ordered
from tests.factories import TODAY
from tests.journeys.visitor import Visitor


@dataclass
class Reviewers:
    """Bakyt reviews and approves, as in a small company; claims that came, are under review, wait, are refused, are paid."""

    came: Claim = field(init=False)
    waits: Claim = field(init=False)
    stopped: Claim = field(init=False)
    refused: Claim = field(init=False)
    decision: Decision = field(init=False)
    paid: Claim = field(init=False)

    def __post_init__(self) -> None:
        self.came = delivered(a_case())
        insurer, self.user = self.came.insurer, bakyt(self.came.insurer)
        StaffMembership.objects.create(user=self.user, insurer=insurer, role=StaffRole.APPROVER)
        self.user.language = get_language()
        self.user.save(update_fields=["language"])
        colleague, approver = bakyt(insurer, "timur@example.kz"), asel(insurer)
        self.waits, self.stopped, self.refused = (reviewed(self.another()) for _ in range(3))
        self.decision = proposed_payout(self.waits, colleague)
        ask_authority(
            claim=self.stopped, authority="Полиция", question="?", why="Не ясно", language="ru", by=colleague, now=NOW
        )
        decision = refused(self.refused, reviewer=colleague, approver=approver)
        self.objection = file_objection(
            decision=decision, way=Way.OMBUDSMAN, text="Не согласна", by=self.came.claimant, now=NOW
        )
        self.guests = a_guests_claim(insurer)
        self.paid = self.paid_by_instalments(colleague)
        self.country, self.wording = a_country(insurer), a_wording(insurer)
        for claim in Claim.objects.all():
            note_opening(claim=claim, by=self.user, role=None, reason="review", now=timezone.now())

    def another(self) -> Claim:
        user: User | None = self.came.claimant
        assert user
        assert self.came.policy
        claim = a_claim(user, self.came.policy)
        a_checklist(claim)
        return claim

    def paid_by_instalments(self, reviewer: User) -> Claim:
        """Somebody asks for another account, and is asked to an examination."""
        claim = self.another()
        a_certificate(claim, until=TODAY + timedelta(days=21))
        decided(monthly(3), claim=claim)
        ordered(claim)
        self.payee = claim.payees.get()
        self.request = ask_for_account(payee=self.payee, iban=IBANS[1], by=claim.claimant, guest=None, now=NOW)
        self.examination = ask_for_examination(
            claim=claim, institution="Поликлиника № 1", planned_on=TODAY + timedelta(days=14), by=reviewer, now=NOW
        )
        return claim


def a_country(insurer: Insurer) -> ExcludedCountry:
    return ExcludedCountry.objects.create(
        insurer=insurer, country="SY", ground="war", since=TODAY, source="Министерство иностранных дел, № 1"
    )


def a_wording(insurer: Insurer) -> Wording:
    return Wording.objects.create(
        insurer=insurer, language="ru", title="Нет печати", text="На справке не видна печать."
    )


Way_ = Callable[[Visitor, Reviewers], Visitor]


def of(claim: str, room: str = "") -> Way_:
    return lambda visitor, world: visitor.opens(
        f"/claims/desk/{getattr(world, claim).public_id}/{room.format(world=world)}"
    )


def at_document(visitor: Visitor, world: Reviewers) -> Visitor:
    item = world.came.items.get(code="I3")
    return visitor.opens(f"/claims/desk/{world.came.public_id}/documents/{item.public_id}/")


def at_decision(visitor: Visitor, world: Reviewers) -> Visitor:
    return visitor.opens(f"/claims/desk/{world.waits.public_id}/decisions/{world.decision.public_id}/")


def at_objection(visitor: Visitor, world: Reviewers) -> Visitor:
    return visitor.opens(f"/claims/desk/{world.refused.public_id}/objections/{world.objection.public_id}/")


def at_letter(visitor: Visitor, world: Reviewers) -> Visitor:
    letter = world.refused.letters.first()
    assert letter
    return visitor.opens(f"/claims/desk/{world.refused.public_id}/letters/{letter.public_id}/")


def at_answer(visitor: Visitor, world: Reviewers) -> Visitor:
    stop = world.stopped.reviews.get().suspensions.get()
    return visitor.opens(f"/claims/desk/{world.stopped.public_id}/answers/{stop.public_id}/")


def with_a_template(visitor: Visitor, world: Reviewers) -> Visitor:
    """Its words stand in the form."""
    visitor.opens(f"/claims/desk/{world.waits.public_id}/authority/").presses("Put it in")
    expect(visitor.main.locator("[name=why]")).to_have_value(world.wording.text)
    return visitor


def kept(room: str) -> Way_:
    """In the lists that reviewers keep."""
    return lambda visitor, world: visitor.opens(f"/staff/claims/{room.format(world=world)}")


def at_request(visitor: Visitor, world: Reviewers) -> Visitor:
    stop = world.stopped.reviews.get().suspensions.get()
    return visitor.opens(f"/claims/desk/{world.stopped.public_id}/answers/{stop.public_id}/dispatch/")


REVIEWING: dict[str, Way_] = {
    "queue": lambda visitor, world: visitor.opens("/claims/desk/").is_at("Payout claims"),
    "figures": lambda visitor, world: visitor.opens("/claims/desk/figures/").is_at("Figures"),
    "export": lambda visitor, world: visitor.opens("/claims/desk/export/").is_at("Export"),
    "absences": lambda visitor, world: visitor.opens("/claims/desk/absences/").is_at("Absences"),
    "opening": of("came", "opening/"),
    "came": of("came"),
    "stopped": of("stopped"),
    "refused": of("refused"),
    "matching": of("guests", "matching/"),
    "document": at_document,
    "one more": of("came", "documents/new/"),
    "authority": of("waits", "authority/"),
    "criminal case": of("waits", "criminal-case/"),
    "answer": at_answer,
    "request": at_request,
    "extension": of("waits", "extension/"),
    "handover": of("waits", "handover/"),
    "set aside": of("came", "setting-aside/"),
    "payout": of("waits", "payout/"),
    "not enough": of("came", "payout/"),
    "proposal": of("stopped", "proposal/"),
    "refusal": of("stopped", "proposal/EX-07/"),
    "decision": at_decision,
    "objection": at_objection,
    "letter": at_letter,
    "with a template": with_a_template,
    "other accounts": lambda visitor, world: visitor.opens("/claims/desk/accounts/").reads_text(
        world.paid.number_shown
    ),
    "paid": of("paid"),
    "what is paid": of("paid", "money/"),
    "loan": of("waits", "loan/"),
    "end of the payouts": of("paid", "stop/"),
    "re-certification": of("paid", "recertification/"),
    "examination": of("paid", "examination/"),
    "its result": of("paid", "examination/{world.examination.public_id}/"),
    "another account": of("paid", "account/{world.payee.public_id}/"),
    "another account, not entered": of("paid", "account-requests/{world.request.public_id}/refusal/"),
    "templates": kept("wording/"),
    "a template": kept("wording/{world.wording.public_id}/change/"),
    "a new template": kept("wording/add/"),
    "end of a template": kept("wording/{world.wording.public_id}/delete/"),
    "countries": kept("excludedcountry/"),
    "a country": kept("excludedcountry/{world.country.public_id}/change/"),
    "a new country": kept("excludedcountry/add/"),
}
