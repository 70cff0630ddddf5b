"""Letters with personal links to a firm's people: prepared in one statement, handed out at a pace (SGZ-12, adr/0029)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.signing import Signer
from django.db import IntegrityError, connection, transaction
from django.db.models import BigIntegerField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.http import int_to_base36
from django.utils.translation import gettext_noop

from activation.models import Activation, Mailing, MailingStep
from activation.queries.mailings import LINK_SALT, NAME, to_write
from activation.rules import LINKS_LIVE, MailingEvent, MailingState, due_until, letters_due, next_mailing_state
from core import audit
from core.links import public_url
from core.names import short_name
from notices import services as notices
from notices.rules import State as Sent
from notices.services import Draft
from policies.models import Organisation, Product
from policies.queries import brand_of
from policies.rules import Role

PORTION = 5000  # letters that one transaction hands out


class AlreadyRunning(Exception):
    """A mailing of this programme to this firm has not ended yet."""


class NobodyToWrite(Exception):
    """Everybody with an address is activated, or has a letter whose link still works."""


@transaction.atomic
def start_mailing(
    *, product: Product, organisation: Organisation, pace: int, language: str, by: Any, now: datetime
) -> Mailing:
    """A row for each person, in one statement. `pace`: letters a minute. Raise AlreadyRunning, NobodyToWrite."""
    try:
        with transaction.atomic():
            mailing = Mailing.objects.create(
                product=product, organisation=organisation, pace=pace, language=language, started_by=by, started_at=now,
                links_until=now + LINKS_LIVE, handed_until=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadyRunning from error
    letters = _prepare(mailing, now)
    if not letters:
        raise NobodyToWrite
    _note(mailing, MailingEvent.START, by=by, now=now, letters=letters)
    return mailing


def _prepare(mailing: Mailing, now: datetime) -> int:
    """One INSERT … SELECT, however many there are. How many."""
    people = to_write(mailing.product, mailing.organisation, today=mailing.product.insurer.today(now), now=now)
    rows = people.annotate(
        of_mailing=Cast(Value(mailing.pk), BigIntegerField()),
        in_language=Coalesce(NullIf(F("person__language"), Value("")), Value(mailing.language)),
    ).values_list("of_mailing", "policy_id", "person__email", "in_language")
    select, parameters = rows.order_by("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO activation_personalletter (mailing_id, policy_id, email, language, bounce)"  # noqa: S608  Django's own SELECT
            f" SELECT *, '' FROM ({select}) AS people",
            parameters,
        )
        letters: int = cursor.rowcount
    return letters


@transaction.atomic
def act_on_mailing(*, mailing: Mailing, event: MailingEvent, by: Any, now: datetime) -> None:
    """Pause, resume, stop. What is in the outbox leaves; what waits for its turn stays. Raise rules.WrongMoment."""
    _move(_locked(mailing), event, by=by, now=now)


def _locked(mailing: Mailing) -> Mailing:
    rows = Mailing.objects.select_for_update(of=["self"])
    return rows.select_related("product__insurer", "organisation").get(pk=mailing.pk)


def _move(mailing: Mailing, event: MailingEvent, *, by: Any, now: datetime) -> None:
    mailing.state = next_mailing_state(MailingState(mailing.state), event)
    mailing.handed_until = now
    mailing.save(update_fields=["state", "handed_until"])
    _note(mailing, event, by=by, now=now)


def _note(mailing: Mailing, event: MailingEvent, *, by: Any, now: datetime, **detail: Any) -> None:
    MailingStep.objects.create(mailing=mailing, event=event, at=now, by=by)
    verbs = {
        MailingEvent.START: gettext_noop("started a mailing"), MailingEvent.PAUSE: gettext_noop("paused a mailing"),
        MailingEvent.RESUME: gettext_noop("resumed a mailing"), MailingEvent.STOP: gettext_noop("stopped a mailing"),
        MailingEvent.FINISH: gettext_noop("handed out the last letter of a mailing"),
    }  # fmt: skip
    audit.record(verbs[event], on=mailing, by=by, scope=mailing.product.insurer.slug, **detail)


# ── At the pace ──────────────────────────────────────────────────────────────
def hand_out_letters(*, now: datetime) -> int:
    """Give the outbox what is due of every running mailing. How many letters. Any number of workers, any number of times."""
    running = Mailing.objects.filter(state=MailingState.RUNNING).order_by("pk").values_list("pk", flat=True)
    total = 0
    for pk in list(running):
        while given := _hand_out(pk, now):
            total += given
    return total


@transaction.atomic
def _hand_out(pk: int, now: datetime) -> int:
    """One portion, all or nothing: the row's lock keeps other workers away, and a letter is in the outbox if and only if
    its person's row says so. So nobody is written to twice, whoever is killed when."""
    rows = Mailing.objects.select_for_update(of=["self"], skip_locked=True).filter(pk=pk, state=MailingState.RUNNING)
    mailing = rows.select_related("product__insurer", "organisation").first()
    if mailing is None:
        return 0
    portion = min(_due(mailing, now), PORTION)
    waiting = _waiting(mailing, portion + 1)
    _post(mailing, waiting[:portion], now)
    if len(waiting) <= portion:
        _move(mailing, MailingEvent.FINISH, by=None, now=now)
        return 0
    mailing.handed_until = due_until(pace=mailing.pace, since=mailing.handed_until, now=now, given=portion)
    mailing.save(update_fields=["handed_until", "handed_out"])
    return portion


def _due(mailing: Mailing, now: datetime) -> int:
    in_hand = mailing.letters.filter(letter__state__in=[Sent.WAITING, Sent.CLAIMED]).count()
    return letters_due(
        pace=mailing.pace, since=mailing.handed_until, now=now, handed_out=mailing.handed_out, in_hand=in_hand
    )


def _waiting(mailing: Mailing, most: int) -> Sequence[Mapping[str, Any]]:
    """Of those who have not activated meanwhile and whose address is still the one on file, in the order of the rows."""
    people = mailing.letters.exclude(email="").filter(
        letter=None, policy__parties__role=Role.INSURED, policy__parties__person__email__iexact=F("email")
    )
    person = {part: F(f"policy__parties__person__{part}") for part in NAME}
    inactive = people.exclude(Exists(Activation.objects.finished().filter(policy=OuterRef("policy"))))
    return [dict(row) for row in inactive.order_by("pk").values("pk", "email", "language", **person)[:most]]


def _post(mailing: Mailing, people: Sequence[Mapping[str, Any]], now: datetime) -> None:
    link, signer = public_url("activation:invited", HERE), Signer(salt=LINK_SALT)
    posted = notices.post_many(
        "invitation",
        [Draft(person["email"], person["language"], _personal(person, link, signer)) for person in people],
        shared={language: _shared(mailing, language) for language in {person["language"] for person in people}},
        scope=mailing.product.insurer.slug, not_after=mailing.links_until, secret=True, now=now,
    )  # fmt: skip
    mailing.handed_out += len(posted)
    with connection.cursor() as cursor:
        cursor.execute(TIE, {"people": [person["pk"] for person in people], "letters": posted})


TIE = """
UPDATE activation_personalletter AS row SET letter_id = tied.letter
FROM unnest(%(people)s::bigint[], %(letters)s::bigint[]) AS tied(person, letter) WHERE row.id = tied.person
"""


def _shared(mailing: Mailing, language: str) -> dict[str, Any]:
    """What stands in every letter of this language."""
    insurer, version = mailing.product.insurer, mailing.product.newest_version
    return {
        "product": version.name_in(language),
        "registers": version.terms.door.needs_account,
        "firm": mailing.organisation.name,
        "expires_on": insurer.today(mailing.links_until).isoformat(),
        "brand": brand_of(insurer, language),
    }


HERE = "token"  # where it stands in a link: Django takes a tenth of a letter's time to write each address anew


def _personal(person: Mapping[str, Any], link: str, signer: Signer) -> dict[str, str]:
    """Two people may share an address: each letter names whom it is for."""
    token = signer.sign(int_to_base36(person["pk"]))
    return {"insured": short_name(*(person[part] for part in NAME)), "url": link.replace(HERE, token)}


# ── What nobody needs any more ───────────────────────────────────────────────
def forget_addresses(*, now: datetime) -> int:
    """Wipe the addresses, and the words with which they were refused, of mailings whose links are long dead. What became of
    each letter stays, and so do the counts. How many letters."""
    old = Mailing.objects.filter(links_until__lt=now - timedelta(days=settings.CONTACTS_KEPT_DAYS), forgotten_at=None)
    return sum(_forget_addresses(mailing, now) for mailing in old)


@transaction.atomic
def _forget_addresses(mailing: Mailing, now: datetime) -> int:
    Mailing.objects.filter(pk=mailing.pk).update(forgotten_at=now)
    return mailing.letters.update(email="", bounce="")


# ── What came back later ─────────────────────────────────────────────────────
@transaction.atomic
def note_bounces(*, mailing: Mailing, addresses: Mapping[str, str], by: Any, now: datetime) -> int:
    """Mark the letters to these addresses (in small letters → reason) as come back; their links are dead. How many people.

    What a mail server's report of failed delivery would call, with the one address it names. Repeating changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            BOUNCED, {"mailing": mailing.pk, "now": now, "to": list(addresses), "why": list(addresses.values())}
        )
        marked: int = cursor.rowcount
    audit.record(
        gettext_noop("noted addresses that refuse letters"), on=mailing, by=by, scope=mailing.product.insurer.slug,
        letters=marked,
    )  # fmt: skip
    return marked


BOUNCED = """
UPDATE activation_personalletter AS row SET bounced_at = %(now)s, bounce = bounced.why
FROM unnest(%(to)s::text[], %(why)s::text[]) AS bounced(address, why)
WHERE row.mailing_id = %(mailing)s AND lower(row.email) = bounced.address
    AND row.letter_id IS NOT NULL AND row.bounced_at IS NULL
"""
