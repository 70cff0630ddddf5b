"""What an account agreed to, and whether that is enough."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from policies.models import ConsentAct, ConsentText, Insurer, Person
from policies.rules.consents import ConsentCode, ConsentEvent


@dataclass(frozen=True)
class Consent:
    """The last time somebody agreed to a text, and whether that was withdrawn since."""

    given: ConsentAct
    withdrawn: ConsentAct | None = None

    @property
    def is_standing(self) -> bool:
        return self.withdrawn is None


def consents_of(user: Any) -> list[Consent]:
    """The standing ones first, each kind in the order of its last giving. One query."""
    acts = ConsentAct.objects.filter(user=user).select_related("text__insurer", "person").order_by("pk")
    return sorted(_latest(acts), key=lambda consent: (not consent.is_standing, consent.given.pk))


def consent_of(user: Any, *, public_id: UUID) -> Consent | None:
    """By its act of giving. None: not this account's, or a later act took its place. One query."""
    return next((one for one in consents_of(user) if one.given.public_id == public_id), None)


def has_consents(user: Any, *, insurer: Insurer, codes: Collection[ConsentCode], person: Person | None = None) -> bool:
    """Whether all of these stand for exactly this person (None: for nobody in particular). One query.

    A later version of a text asks nobody anew by itself: what was agreed to is the version that was read (adr/0022).
    """
    acts = ConsentAct.objects.filter(user=user, person=person, text__insurer=insurer, text__code__in=codes)
    standing = {one.given.text.code for one in _latest(acts.select_related("text").order_by("pk")) if one.is_standing}
    return standing == {str(code) for code in codes}


def consent_texts(insurer: Insurer, codes: Sequence[ConsentCode]) -> list[ConsentText]:
    """The newest version of each, in the order of `codes`. One query, none without codes."""
    if not codes:
        return []
    texts = ConsentText.objects.current().filter(insurer=insurer, code__in=codes)
    return sorted(texts, key=lambda text: codes.index(ConsentCode(text.code)))


def _latest(acts: Any) -> Collection[Consent]:
    """`acts` in the order in which they happened."""
    found: dict[tuple[int, str, int | None], Consent] = {}
    for act in acts:
        key = (act.text.insurer_id, act.text.code, act.person_id)
        found[key] = Consent(act) if act.event == ConsentEvent.GIVEN else Consent(found[key].given, act)
    return found.values()
