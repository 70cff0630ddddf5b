"""Who an account says or has proved it is to an insurer (SGZ-14)."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.passwords import words_about
from activation.models import Declaration
from activation.rules import Declared
from policies.models import Access, Insurer
from policies.rules import AccessKind


@dataclass(frozen=True)
class Known:
    """Who an account is to an insurer, and the end of the passport number while that is kept."""

    declared: Declared
    masked_passport: str = ""


def known_to(insurer: Insurer, user: User) -> Known | None:
    """As the account declared, else as the policy says that it has proved to be its own. Two queries at most."""
    if declaration := Declaration.objects.filter(user=user, insurer=insurer).first():
        return Known(declaration.declared, declaration.masked_passport)
    own = Access.objects.filter(user=user, kind=AccessKind.SELF, until=None, person__insurer=insurer)
    access = own.select_related("person").order_by("-pk").first()
    if access is None:
        return None
    person = access.person
    return Known(Declared(person.surname, person.given_name, person.patronymic, person.birth_date))


def words_of_declarations(sender: Any, user: User, **kwargs: Any) -> frozenset[str]:
    """None of what was declared may stand in the account's password or PIN (NSK-09)."""
    known = [one.declared for one in Declaration.objects.filter(user=user)] if user.pk else []
    words = (
        words_about(birth_date=one.birth_date, names=[one.surname, one.given_name, one.patronymic]) for one in known
    )
    return frozenset().union(*words)
