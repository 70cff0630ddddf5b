"""Whom a guest's notice may be about: people of the insurer who have the IIN, the policy number or the name with the birth
date that were told. A reviewer compares and decides; whoever told it learns nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from claims.models import Claim
from core.identity import normalise_key
from core.names import same_name
from policies.models import Party, Person, Policy
from policies.queries import found_by, policies_of
from policies.rules import ContractKind, Role

MOST = 10  # people
MOST_OF_A_DAY = 300  # born on one day, of an insurer of millions


@dataclass(frozen=True)
class Candidate:
    """`agrees`: how what was told and what is on file compare, each of IIN, name, birth date, number of the policy."""

    person: Person
    policies: list[Policy]
    same_iin: bool
    same_name: bool
    same_birth_date: bool


def candidates(claim: Claim, *, said: str = "") -> list[Candidate]:
    """Those who fit best first; `said` is searched for in their place. Five queries, and one a person."""
    people = Person.objects.filter(insurer=claim.insurer_id)
    found = list(found_by(people, said)[:MOST]) if said else list(_told(people, claim))
    judged = [_candidate(claim, person) for person in found]
    return sorted(judged, key=_fit, reverse=True)[:MOST]


def _told(people: QuerySet[Person], claim: Claim) -> Iterator[Person]:
    found: dict[int, Person] = {}
    if claim.told_iin:
        found |= {person.pk: person for person in people.filter(iin=claim.told_iin)}
    if key := normalise_key(claim.told_policy):
        found |= {person.pk: person for person in people.filter(pk__in=_numbered(claim, key))[:MOST]}
    if claim.told_born_on:
        born = people.filter(birth_date=claim.told_born_on)[:MOST_OF_A_DAY]
        found |= {person.pk: person for person in born if same_name(person.full_name, claim.told_name)}
    return iter(found.values())


def _numbered(claim: Claim, key: str) -> QuerySet[Any, Any]:
    policies = Policy.objects.filter(insurer=claim.insurer_id)
    by_contract = Q(contract_kind=ContractKind.INDIVIDUAL, contract_key=key)
    numbered = policies.filter(Q(insured_key=key) | by_contract | Q(card_key=key))
    return Party.objects.filter(role=Role.INSURED, policy__in=numbered).values("person")


def _candidate(claim: Claim, person: Person) -> Candidate:
    person.insurer = claim.insurer
    return Candidate(
        person=person,
        policies=policies_of(person),
        same_iin=bool(claim.told_iin) and person.iin == claim.told_iin,
        same_name=same_name(person.full_name, claim.told_name),
        same_birth_date=person.birth_date == claim.told_born_on,
    )


def _fit(candidate: Candidate) -> tuple[bool, bool, bool]:
    return candidate.same_iin, candidate.same_birth_date, candidate.same_name


def matchable(claim: Claim, policy: Any) -> Policy | None:
    """Of this insurer, with the person whom it covers. One query."""
    rows = Policy.objects.filter(insurer=claim.insurer_id, public_id=policy)
    return rows.select_related("insurer", "product_version__product").first()


def others_about(claim: Claim) -> list[Claim]:
    """Duplicates and earlier claims: of the same person, or of whoever was told of by the same IIN or the same name and birth
    date. The newest first. One query."""
    about = Q(person=claim.person_id) if claim.person_id else Q(pk__in=[])
    iins: Iterable[str] = filter(None, {claim.told_iin, claim.person.iin or "" if claim.person else ""})
    about |= Q(told_iin__in=list(iins))
    if claim.told_born_on:
        about |= Q(told_born_on=claim.told_born_on, told_surname__iexact=claim.told_surname)
    rows = Claim.objects.filter(about, insurer=claim.insurer_id).exclude(pk=claim.pk)
    return list(rows.select_related("person").order_by("-notified_at", "-pk")[:20])
