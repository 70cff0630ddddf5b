"""The addresses of a mailing are wiped when its links are long dead; what became of the letters stays (security.md §4)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from activation.models import Mailing, PersonalLetter
from activation.queries.mailings import progress, refused_letters
from activation.rules import MailingEvent, MailingState
from activation.services.mailings import act_on_mailing, forget_addresses, hand_out_letters, note_bounces
from notices.models import Notice
from policies.models import Person
from tests.activation.mailings import MAILINGS, PEOPLE, a_firm, a_mailing, handed_out, nsk
from tests.people import registrar, staff_browser

pytestmark = pytest.mark.django_db
KEPT, SECOND = timedelta(days=90), timedelta(seconds=1)
REASON = "550 <aigul@alma.kz>: no such mailbox"


@pytest.fixture
def mailing() -> Mailing:
    """One of its letters came back."""
    a_firm()
    mailing = a_mailing(pace=2)
    one, _other = handed_out(mailing)
    note_bounces(mailing=mailing, addresses={one.to: REASON}, by=mailing.started_by, now=timezone.now())
    return mailing


def forgotten(mailing: Mailing) -> datetime:
    """The moment after which nothing of it is kept."""
    moment = mailing.links_until + KEPT + SECOND
    forget_addresses(now=moment)
    mailing.refresh_from_db()
    return moment


def test_ninety_days_after_its_links_have_died(mailing: Mailing) -> None:
    assert forget_addresses(now=mailing.links_until + KEPT) == 0
    assert forget_addresses(now=mailing.links_until + KEPT + SECOND) == len(PEOPLE)
    assert set(PersonalLetter.objects.values_list("email", "bounce")) == {("", "")}
    assert forget_addresses(now=mailing.links_until + 2 * KEPT) == 0


def test_counts_and_the_letters_themselves_stay(mailing: Mailing) -> None:
    before, letters = progress(mailing), Notice.objects.count()
    assert [one.reason for one in refused_letters(mailing)] == [REASON]
    moment = forgotten(mailing)
    assert progress(mailing) == before
    assert (mailing.forgotten_at, Notice.objects.count()) == (moment, letters)
    assert refused_letters(mailing) == []


def test_the_people_keep_the_address_that_the_insurer_has_on_file(mailing: Mailing) -> None:
    forgotten(mailing)
    assert set(Person.objects.values_list("email", flat=True)) == set(PEOPLE.values())


def test_a_living_mailing_keeps_its_addresses(mailing: Mailing) -> None:
    by, moment = mailing.started_by, mailing.links_until + KEPT + SECOND
    act_on_mailing(mailing=mailing, event=MailingEvent.STOP, by=by, now=moment)
    later = a_mailing(now=moment, by=by)
    assert forget_addresses(now=moment) == len(PEOPLE)
    assert set(later.letters.values_list("email", flat=True)) == set(PEOPLE.values())


def test_a_mailing_that_was_paused_for_months_writes_to_nobody(mailing: Mailing) -> None:
    """Nor to a person whose address is gone from the register as well: two nothings are no address."""
    by, now = mailing.started_by, timezone.now()
    act_on_mailing(mailing=mailing, event=MailingEvent.PAUSE, by=by, now=now)
    moment, letters = forgotten(mailing), Notice.objects.count()
    Person.objects.update(email="")
    act_on_mailing(mailing=mailing, event=MailingEvent.RESUME, by=by, now=moment)
    hand_out_letters(now=moment + timedelta(minutes=1))
    mailing.refresh_from_db()
    assert (mailing.state, Notice.objects.count()) == (MailingState.DONE, letters)


def test_how_long_is_a_setting(mailing: Mailing, settings: Any) -> None:
    settings.CONTACTS_KEPT_DAYS = 7
    assert forget_addresses(now=mailing.links_until + timedelta(days=7)) == 0
    assert forget_addresses(now=mailing.links_until + timedelta(days=7) + SECOND) == len(PEOPLE)


def test_the_page_says_since_when_they_are_gone(mailing: Mailing) -> None:
    browser = staff_browser(registrar(nsk()))
    page = f"{MAILINGS}{mailing.public_id}/change/"
    assert "550" in browser.get(page, follow=True).text
    moment = forgotten(mailing)
    text = browser.get(page, follow=True).text
    assert f"{timezone.localtime(moment):%d.%m.%Y}" in text
    assert "550" not in text
