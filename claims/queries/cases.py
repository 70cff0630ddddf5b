"""The cases of an account and of a guest, and one of them as its claimant reads it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from claims.models import Application, Claim, Decision, ExcludedCountry, Item, Letter, Opening, Recertification
from claims.models.claims import ClaimQuerySet
from claims.queries.facts import calendar_of
from claims.queries.payments.mine import Sums, sums_of
from claims.queries.recertifying import awaited_anew
from claims.queries.timeline import timeline_of
from claims.rules.coming import Condition
from claims.rules.derivations import Derivation
from claims.rules.events import InsuredEvent
from claims.rules.life import ANSWERED, AWAITED, JOB, TAKES, ItemState
from claims.rules.notice import Excluded, Timeliness, territory_warnings, timeliness
from claims.rules.tags import tag_of_claim
from claims.rules.timeline import Timeline
from claims.rules.wording import Explained, explained
from core import live
from core.rows.viewers import working
from policies.models import Access, ConsentText, Insurer, Person, Policy, ProductVersion
from policies.queries import policy_cards
from policies.rules import AccessKind
from policies.rules.consents import FOR_A_CLAIM

JOINED = ("insurer", "person", "policy__product_version__product")


# ── Whose ────────────────────────────────────────────────────────────────────
def claim_of(user: Any, public_id: UUID, *, now: datetime) -> Claim | None:
    """Made in the cabinet, about somebody whose affairs this account sees in full. One query."""
    return Claim.objects.visible_to(user, now=now).select_related(*JOINED).filter(public_id=public_id).first()


def claim_of_guest(public_id: UUID) -> Claim | None:
    """For a view that has read the guest's access, and says so (`also(claim_keys=…)`). One query."""
    return Claim.objects.select_related(*JOINED).filter(public_id=public_id, by_guest=True).first()


@working(JOB)
def claim_to_return_to(number: int, contact: str) -> Claim | None:
    """A guest's, by its number and the contact that a code has just proved. One query."""
    of_contact = {"email__iexact": contact} if "@" in contact else {"phone": contact}
    return Claim.objects.select_related("insurer").filter(number=number, by_guest=True, **of_contact).first()


@dataclass(frozen=True)
class Line:
    """A case in a list."""

    claim: Claim

    @property
    def tag(self) -> str:
        return tag_of_claim(self.claim.state)


def cases_of(user: Any, *, now: datetime) -> list[Line]:
    """The newest first. One query."""
    return [Line(claim) for claim in _cases(user, now)]


def open_cases_of(user: Any, *, now: datetime) -> list[Line]:
    """Those about which something is still to be done. One query."""
    return [Line(claim) for claim in _cases(user, now).open()]


def _cases(user: Any, now: datetime) -> ClaimQuerySet:
    return Claim.objects.visible_to(user, now=now).select_related("person").order_by("-notified_at", "-pk")


# ── Who may be told of ───────────────────────────────────────────────────────
def policies_to_claim_by(user: Any, *, now: datetime) -> list[Policy]:
    """Of the people whose affairs the account sees in full, those whose contract has such events. Two queries."""
    cards = policy_cards(user, now=now)
    return [card.policy for card in cards if not card.is_limited and card.policy.product_version.terms.claims.events]


def own_person(user: Any, *, insurer: Insurer) -> Person | None:
    """Who this account is itself at an insurer. One query."""
    own = Access.objects.filter(user=user, kind=AccessKind.SELF, until=None, person__insurer=insurer)
    access = own.select_related("person").first()
    return access.person if access else None


def insurers_to_tell() -> list[Insurer]:
    """Who sells what has such events: to them anybody may give notice. One query."""
    versions = ProductVersion.objects.current().filter(content__has_key="claims").order_by("product__position")
    return list({version.product.insurer_id: version.product.insurer for version in versions}.values())


def application_of(claim: Claim) -> Application | None:
    """As it was sent last. One query."""
    return Application.objects.filter(claim=claim).first()


def consents_owed(claim: Claim) -> list[ConsentText]:
    """9.3(1): what the insurer asks in the application, as far as it is not given in this very version. Two queries."""
    given = claim.consents.values("text")
    current = ConsentText.objects.current().filter(insurer=claim.insurer, code__in=FOR_A_CLAIM)
    return list(current.exclude(pk__in=given).order_by("code"))


# ── One case ─────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Decided:
    """A decision that is taken, and how its amount came about."""

    decision: Decision

    @property
    def derivation(self) -> Derivation | None:
        return self.decision.explanation

    @property
    def steps(self) -> list[Explained]:
        return list(explained(self.derivation)) if self.derivation else []


@dataclass(frozen=True)
class Case:
    """`decisions`: those that are taken. `openings`: who of the insurer opened the file, and why."""

    claim: Claim
    today: date
    timeline: Timeline
    items: list[Item]
    application: Application | None
    letters: list[Letter]
    openings: list[Opening]
    decisions: list["Decided"]
    timeliness: Timeliness
    warnings: tuple[Excluded, ...]
    sums: Sums | None
    recertification: Recertification | None  # that is awaited

    @property
    def tag(self) -> str:
        return tag_of_claim(self.claim.state)

    @property
    def takes(self) -> bool:
        """Whether something may be sent now."""
        return self.claim.state in TAKES

    @property
    def wants_application(self) -> bool:
        return self.takes and self.application is None

    @property
    def is_asked(self) -> bool:
        """Whether something is needed from the claimant."""
        return self.recertification is not None or (self.takes and (self.application is None or bool(self.awaited)))

    @property
    def may_recertify(self) -> bool:
        """Without being asked, where it is being paid for a disability."""
        return self.claim.event == InsuredEvent.DISABILITY and self.claim.state in ANSWERED and not self.recertification

    @property
    def may_suppose(self) -> bool:
        """Whether the dates depend on a day that the claimant may suppose: the last document, an answer."""
        return any(one.condition in (Condition.ALL_RECEIVED, Condition.ANSWER) for one in self.timeline.coming)

    @property
    def awaited(self) -> list[Item]:
        return [item for item in self.items if item.state in AWAITED]

    @property
    def needed(self) -> list[Item]:
        return [item for item in self.items if item.state != ItemState.WAIVED]

    @property
    def spared(self) -> list[Item]:
        return [item for item in self.items if item.state == ItemState.WAIVED]


def case_of(claim: Claim, *, now: datetime, expected_on: date | None = None) -> Case:
    """Eighteen queries at most."""
    today = claim.insurer.today(now)
    known = [one.fact for one in claim.earlier_knowledge.all()]
    excluded = [one.fact for one in ExcludedCountry.objects.filter(insurer=claim.insurer, country=claim.country)]
    return Case(
        claim=claim,
        today=today,
        timeline=timeline_of(claim, today=today, expected_on=expected_on),
        items=list(claim.items.all()),
        application=application_of(claim),
        letters=list(claim.letters.order_by("-pk")),
        openings=list(claim.openings.select_related("by").order_by("-pk")),
        decisions=[Decided(one) for one in claim.decisions.decided()],
        timeliness=timeliness(claim.event_on, claim.notified_on, known, calendar_of(claim.insurer)),
        warnings=territory_warnings(claim.country, claim.event_on, excluded),
        sums=sums_of(claim),
        recertification=awaited_anew(claim),
    )


def mark_of(claim: Claim) -> str:
    """How the case stands, in short: another mark is another page. Two queries."""
    step = claim.steps.order_by("-pk").values_list("pk", flat=True).first()
    return live.mark((step, claim.letters.filter(paper__made_at__isnull=False).count()))
