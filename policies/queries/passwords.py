"""What must not stand in the password of somebody we know."""

from collections.abc import Iterable
from typing import Any

from accounts.passwords import words_about
from policies.models import Access, Person, Policy
from policies.rules import Role


def facts_about(person: Person, policies: Iterable[Policy]) -> dict[str, Any]:
    """What a stranger who found the card would try first as a password; arguments of accounts.passwords.words_about."""
    numbers = [number for policy in policies for number in (policy.insured_key, policy.contract_key, policy.card_key)]
    return {
        "birth_date": person.birth_date,
        "names": [person.surname, person.given_name, person.patronymic],
        "numbers": [number for number in (*numbers, person.iin, person.phone) if number],
        "brands": person.insurer.names.values(),
    }


def words_of_account(sender: Any, user: Any, **kwargs: Any) -> frozenset[str]:
    """Names, dates and numbers of everybody this account reaches: none of them may stand in its password (NSK-09)."""
    words: frozenset[str] = frozenset()
    for access in Access.objects.filter(user=user, until=None).select_related("person__insurer"):
        policies = Policy.objects.filter(parties__person=access.person, parties__role=Role.INSURED)
        words |= words_about(**facts_about(access.person, policies))
    return words
