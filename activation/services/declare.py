"""Registering, and declaring who one is to an insurer (SGZ-14). What was declared goes when it is needed no longer."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from accounts import services as accounts
from accounts.models import User
from accounts.rules import hash_of
from activation.models import PASSPORTS, Declaration
from activation.rules import (
    DAY,
    DECLARATION,
    HOUR,
    LETTER_EVERY,
    LETTERS_A_DAY,
    REGISTRATIONS_AN_HOUR_PER_SOURCE,
    UNPROVED,
    Declared,
)
from core import limits, sealing
from core.limits import Allowance
from policies.models import ConsentText, Insurer
from policies.services.consents import give_consents


class TooManyRegistrations(Exception):
    """From this source within the hour."""


class LetterOnItsWay(Exception):
    """Somebody registered with this address within three minutes, or five times today. Says nothing of an account."""


@transaction.atomic
def register(
    *, email: str, password: str, pin: str, insurer: Insurer, declared: Declared, passport: str,
    texts: Iterable[ConsentText], language: str, source: str, now: datetime,
) -> User:  # fmt: skip
    """An account whose address is unproved (adr/0004), whether somebody has proved that address or not.

    `texts`: as give_consents takes them. Raise TooManyRegistrations, LetterOnItsWay.
    """
    _spend(email, source, now)
    user = accounts.open_account(email=email, password=password, language=language, pin=pin)
    declare(
        user=user, insurer=insurer, declared=declared, passport=passport, texts=texts, language=language, now=now
    )  # fmt: skip
    return user


@transaction.atomic
def declare(
    *, user: User, insurer: Insurer, declared: Declared, passport: str, texts: Iterable[ConsentText], language: str,
    now: datetime,
) -> Declaration:  # fmt: skip
    """The first time or once more: the last one counts. `passport`: all of its digits; nothing keeps the one declared."""
    facts = asdict(declared) | {"declared_at": now}
    if passport:
        facts["passport"] = sealing.seal(passport, purpose=PASSPORTS)
    declaration, _is_new = Declaration.objects.update_or_create(user=user, insurer=insurer, defaults=facts)
    give_consents(user=user, texts=texts, person=None, language=language, now=now)
    return declaration


def forget_declaration(*, user: User, insurer: Insurer) -> None:
    """The account has a policy of its own there: the insurer's record says who it is."""
    Declaration.objects.filter(user=user, insurer=insurer).delete()


def forget_old_declarations(*, now: datetime) -> int:
    """Delete what has found no policy, and whole accounts whose letter nobody followed. How many."""
    unproved = Declaration.objects.filter(declared_at__lt=now - UNPROVED).select_related("user")
    discarded = sum(accounts.discard_unconfirmed(user=declaration.user) for declaration in unproved)
    forgotten, _rows = Declaration.objects.filter(declared_at__lt=now - DECLARATION).delete()
    return discarded + forgotten


@transaction.atomic
def reseal_passports() -> int:
    """With the newest SECRET_KEY, so that an older one can go. Returns how many."""
    declarations = list(Declaration.objects.select_for_update().exclude(passport=""))
    for declaration in declarations:
        declaration.passport = sealing.reseal(declaration.passport, purpose=PASSPORTS)
    Declaration.objects.bulk_update(declarations, ["passport"])
    return len(declarations)


def _spend(email: str, source: str, now: datetime) -> None:
    """By what was typed alone, so that the answer is the same for an address that opens a cabinet already. A refusal
    takes back what it has spent: it has hashed nothing and written to nobody."""
    of_source = Allowance(f"registration:source:{source}", REGISTRATIONS_AN_HOUR_PER_SOURCE, HOUR)
    if limits.spend(of_source, now=now).exhausted:
        raise TooManyRegistrations
    key = f"registration:address:{hash_of(email.lower())}"
    letters = Allowance(key, 1, LETTER_EVERY), Allowance(f"{key}:day", LETTERS_A_DAY, DAY)
    if limits.spend(*letters, now=now).exhausted:
        raise LetterOnItsWay
