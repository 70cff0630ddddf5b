"""Agreeing to texts, and withdrawing that. Each is a row that stays (NL-4.2d)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from policies.models import ConsentAct, ConsentText, Person
from policies.queries import brand_of, consent_of
from policies.rules.consents import ConsentEvent


@transaction.atomic
def give_consents(
    *, user: User, texts: Iterable[ConsentText], person: Person | None, language: str, now: datetime
) -> None:
    """`texts`: exactly the versions that were shown. To what stands in this version already nothing is added."""
    _lock(user)
    texts = list(texts)
    latest = {act.text.code: act for act in ConsentAct.objects.of(user, person=person, texts=texts)}
    for text in texts:
        known = latest.get(text.code)
        if not known or not known.is_given or known.text_id != text.pk:
            ConsentAct.objects.create(
                user=user, person=person, text=text, event=ConsentEvent.GIVEN, language=language, at=now
            )


@transaction.atomic
def withdraw_consent(*, given: ConsentAct, language: str, now: datetime) -> bool:
    """From now on the consent that `given` gave does not stand; a message confirms it. False: it did not stand any more."""
    user, text = given.user, given.text
    _lock(user)
    consent = consent_of(user, public_id=given.public_id)
    if not consent or not consent.is_standing:
        return False
    ConsentAct.objects.create(
        user=user, person=given.person, text=text, event=ConsentEvent.WITHDRAWN, language=language, at=now
    )
    accounts.tell(
        user, "consent_withdrawn", brand=brand_of(text.insurer, user.language), phone="" if user.email else None,
        title=text.title_in(user.language), when=timezone.localtime(now).isoformat(),
    )  # fmt: skip
    return True


def _lock(user: User) -> None:
    """Two acts of one account at once: the second sees the first."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
