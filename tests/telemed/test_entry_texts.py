"""What telemedicine asks for can be read at every insurer that sells consultations (TM-20); where it cannot, nobody goes
round in circles."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings as SettingsWrapper

from accounts.models import User
from policies.models import ConsentAct, Insurer, Policy
from policies.services.products import publish_file
from telemed.queries.patients import Owed
from telemed.rules import CONSENTS
from tests.accounts.sms import PHONE
from tests.factories import PRODUCTS, a_borrower, a_policy, another_insurer
from tests.forms import sends
from tests.people import aigul, insured_browser
from tests.telemed.factories import a_covered_patient, a_patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ENTRY, REQUEST, HOME = "/doctor/entry/", "/doctor/request/", "/doctor/"
NOT_OPEN = "Consultations are not open here yet"
BOTH = {f"consent_{code}": "1" for code in CONSENTS}


@pytest.mark.parametrize("file", ["kazakhinstrakh", "nomad-life"])
@pytest.mark.parametrize("code", CONSENTS)
def test_whoever_sells_consultations_publishes_both_texts_or_nothing(tmp_path: Path, file: str, code: str) -> None:
    wrong = tmp_path / "wrong.toml"
    text = (PRODUCTS / f"{file}.toml").read_text(encoding="utf-8")
    block = rf'\[\[insurer\.consents\]\]\ncode = "{code}".*?(?=\n\[\[)'
    wrong.write_text(re.sub(block, "", text, flags=re.DOTALL), encoding="utf-8")
    with pytest.raises(ValueError, match=f"no text of .*{code}"):
        publish_file(path=wrong)
    assert not Insurer.objects.exists()


# ── An insurer that has prices, but published before the texts were demanded ─
@pytest.fixture
def user() -> User:
    return aigul(phone=PHONE)


@pytest.fixture
def hers(user: User) -> Client:
    User.objects.filter(pk=user.pk).update(language="en")
    return insured_browser(user)


@pytest.fixture
def without_texts(user: User) -> Policy:
    insurer = another_insurer()
    insurer.price_list = {"duty_gp": "5000.00", "specialist": "5000.00"}
    insurer.save()
    return a_patient(user, a_policy("9920 0275 31", insurer=insurer))


@pytest.mark.usefixtures("without_texts")
def test_whoever_would_be_asked_for_a_text_that_is_not_there_is_told_whom_to_call(
    hers: Client, settings: SettingsWrapper
) -> None:
    settings.PORTAL_BRAND = settings.PORTAL_BRAND | {"phone": ""}
    assert hers.get(REQUEST).url.startswith(ENTRY)
    page = hers.get(REQUEST, follow=True).text
    assert NOT_OPEN in page
    assert "Другой has not published them yet" in page
    assert "Айгуль С." in page
    assert "Call the number on your card or in your contract." in page  # this insurer names no number
    assert '<form class="narrow"' not in page
    answer = sends(hers, ENTRY, BOTH)
    assert (answer.status_code, NOT_OPEN in answer.content.decode()) == (200, True)
    assert not ConsentAct.objects.exists()


@pytest.mark.usefixtures("without_texts")
def test_without_the_guard_the_same_ticks_would_be_asked_for_again_and_again(
    hers: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Owed, "can_be_read", True)
    assert sends(hers, ENTRY, BOTH).status_code == 302
    assert sends(hers, ENTRY, BOTH).status_code == 302
    assert hers.get(REQUEST).url.startswith(ENTRY)


def test_the_texts_of_another_insurer_are_asked_for_all_the_same(
    user: User, hers: Client, without_texts: Policy
) -> None:
    User.objects.filter(pk=user.pk).update(phone="")
    mine = a_patient(user, a_borrower())
    assert NOT_OPEN not in hers.get(ENTRY).text
    sends(hers, ENTRY, BOTH)
    assert {act.person for act in ConsentAct.objects.all()} == {mine.insured}
    assert "/accounts/mobile/" in hers.get(ENTRY).text  # then the number …
    User.objects.filter(pk=user.pk).update(phone=PHONE)
    assert hers.get(REQUEST).status_code == 200  # … and the doctor is open for those who can be asked about
    booking = f"/doctor/booking/{without_texts.insured.public_id}/specialist/"
    assert NOT_OPEN in hers.get(booking, follow=True).text


def test_whoever_owes_nothing_is_led_on(user: User, hers: Client) -> None:
    a_covered_patient(user)
    assert hers.get(f"{ENTRY}?next={REQUEST}").headers["Location"] == REQUEST
    assert hers.get(ENTRY).headers["Location"] == HOME
