"""A firm's people: whom a mailing would reach, what became of each letter, and who is enrolled. Nothing medical."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf

from activation.models import Activation, Mailing, PersonalLetter
from activation.rules import Enrolled, LetterState, State, rate
from core.names import full_name
from notices.models import Delivery
from policies.models import Insurer, Organisation, Party, Product
from policies.queries import policy_with_insured
from policies.rules import Role

SHOWN = 200  # people on a page; a file has them all
LINK_SALT = "activation.personal_letter"


# ── Before the start ─────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Preview:
    """How many of a firm's people there are, and why some of them get no letter."""

    people: int
    activated: int
    without_email: int
    refused: int  # the address refused an earlier letter, and no register has brought another one
    invited: int  # an earlier letter's link still works
    to_write: int


def preview(product: Product, organisation: Organisation, *, today: date, now: datetime) -> Preview:
    """One query."""
    people = _with_reasons(insured_by(product, organisation, today=today), now)
    silent = Q(is_active=False) & ~Q(person__email="")
    counts = people.aggregate(
        people=Count("pk"),
        activated=Count("pk", filter=Q(is_active=True)),
        without_email=Count("pk", filter=Q(is_active=False, person__email="")),
        refused=Count("pk", filter=silent & Q(was_refused=True)),
        invited=Count("pk", filter=silent & Q(is_invited=True, was_refused=False)),
        to_write=Count("pk", filter=silent & Q(is_invited=False)),
    )
    return Preview(**counts)


def to_write(product: Product, organisation: Organisation, *, today: date, now: datetime) -> QuerySet[Party]:
    """The insured people of whom `Preview.to_write` is the number."""
    people = _with_reasons(insured_by(product, organisation, today=today), now)
    return people.filter(is_active=False, is_invited=False).exclude(person__email="")


def insured_by(product: Product, organisation: Organisation, *, today: date) -> QuerySet[Party]:
    """Whom the firm has insured in the programme and whose cover has not ended."""
    people = Party.objects.filter(
        role=Role.INSURED, policy__product_version__product=product,
        policy__parties__role=Role.POLICYHOLDER, policy__parties__organisation=organisation,
    )  # fmt: skip
    return people.exclude(policy__cover_ends_on__lt=today)


def _with_reasons(people: QuerySet[Party], now: datetime) -> QuerySet[Any]:
    """A letter counts for the address on file alone: a corrected one is written to again."""
    letters = PersonalLetter.objects.living(now).filter(policy=OuterRef("policy"), email=OuterRef("person__email"))
    refused = letters.with_state().filter(now_is=LetterState.REFUSED)
    return people.annotate(is_active=_is_active(), is_invited=Exists(letters), was_refused=Exists(refused))


def _is_active() -> Exists:
    return Exists(Activation.objects.finished().filter(policy=OuterRef("policy")))


# ── While it runs ────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Progress:
    waiting: int
    on_its_way: int
    sent: int
    refused: int
    activated: int

    @property
    def letters(self) -> int:
        return self.waiting + self.on_its_way + self.sent + self.refused + self.activated


def progress(mailing: Mailing) -> Progress:
    """One query: a scan of the mailing’s letters."""
    states = mailing.letters.with_state().values("now_is").annotate(count=Count("pk"))
    found = {row["now_is"]: row["count"] for row in states}
    return Progress(**{state.value: found.get(state.value, 0) for state in LetterState})


@dataclass(frozen=True)
class Refused:
    name: str
    email: str
    reason: str


def refused_letters(mailing: Mailing, *, most: int | None = None) -> list[Refused]:
    """Whose address refused the letter, and in which words; once the addresses are wiped, nobody. One query."""
    said = Delivery.objects.filter(notice=OuterRef("letter")).order_by("-pk").values("answer")[:1]
    rows = (
        mailing.letters.exclude(email="").with_state().filter(now_is=LetterState.REFUSED, policy__parties__role=Role.INSURED)
        .annotate(said=Coalesce(NullIf("bounce", Value("")), Subquery(said), Value("")))
        .order_by("policy__parties__person__sort_key", "pk")
        .values_list(*(f"policy__parties__person__{part}" for part in NAME), "email", "said")
    )  # fmt: skip
    return [Refused(full_name(*name), email, reason) for *name, email, reason in rows[:most]]


NAME = ("surname", "given_name", "patronymic")


# ── Who is enrolled ──────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Enrolment:
    mailing: Mailing
    people: int
    activated: int
    shown: list[Enrolled]  # the first SHOWN by name

    @property
    def rate(self) -> int:
        return rate(activated=self.activated, people=self.people)

    @property
    def waiting(self) -> int:
        return self.people - self.activated


def enrolment(mailing: Mailing, *, today: date) -> Enrolment:
    """Two queries."""
    people = insured_by(mailing.product, mailing.organisation, today=today).annotate(is_active=_is_active())
    counts = people.aggregate(people=Count("pk"), activated=Count("pk", filter=Q(is_active=True)))
    return Enrolment(mailing, **counts, shown=list(enrolled(mailing, today=today, most=SHOWN)))


def enrolled(mailing: Mailing, *, today: date, most: int | None = None) -> Iterator[Enrolled]:
    """In the order of names, read in portions."""
    insurer: Insurer = mailing.product.insurer
    finished = Activation.objects.finished().filter(policy=OuterRef("policy")).values("finished_at")
    refused = PersonalLetter.objects.with_state().filter(
        mailing__product=mailing.product_id, mailing__organisation=mailing.organisation_id, policy=OuterRef("policy"),
        email=OuterRef("person__email"), now_is=LetterState.REFUSED,
    )  # fmt: skip
    people = (
        insured_by(mailing.product, mailing.organisation, today=today)
        .annotate(activated_at=Subquery(finished[:1]))
        .annotate(
            refused=Case(When(Exists(refused), then=F("person__email")), default=Value(""), output_field=TextField())
        )
        .order_by("person__sort_key", "pk")
        .values_list(*(f"person__{part}" for part in NAME), "activated_at", "refused")
    )
    for *name, at, email in people[:most].iterator():
        yield Enrolled(full_name(*name), insurer.today(at) if at else None, email)


# ── Behind the link ──────────────────────────────────────────────────────────
def mailing_with_firm(public_id: UUID) -> Mailing | None:
    """One query."""
    return Mailing.objects.select_related("product__insurer", "organisation").filter(public_id=public_id).first()


def letter_of_link(token: str, *, now: datetime) -> PersonalLetter | None:
    """None: forged, run out, or it proves nothing any more: the policy was activated since, even if that was undone, its
    cover is over, or another address is on file. Two queries; `policy` comes with its insured person."""
    try:
        pk = int(Signer(salt=LINK_SALT).unsign(token), 36)
    except (BadSignature, ValueError):
        return None
    letters = PersonalLetter.objects.select_related("mailing__product", "mailing__organisation").filter(
        mailing__links_until__gt=now
    )
    letter = letters.filter(pk=pk, bounced_at=None).first()
    policy = policy_with_insured(pk=letter.policy_id) if letter else None
    if letter is None or policy is None or policy.insured.email != letter.email:
        return None
    over = policy.cover_ends_on and policy.cover_ends_on < policy.insurer.today(now)
    bound = policy.activations.filter(
        state__in=[State.FINISHED, State.UNDONE], finished_at__gte=letter.mailing.started_at
    )
    if over or bound.exists():
        return None
    letter.policy = policy
    return letter
