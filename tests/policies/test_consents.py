"""What somebody agrees to: read first, kept as it was read, withdrawn with what follows said before (TM-20, NL-4.2d)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection
from django.test import Client
from django.utils import timezone, translation

from accounts.models import User
from notices.models import Notice
from notices.services.wording import word
from policies.forms import ConsentsForm
from policies.models import ConsentAct, ConsentText, Insurer, Person
from policies.queries import consent_texts, consents_of, has_consents
from policies.rules import ConsentCode
from policies.services.consents import give_consents, withdraw_consent
from policies.services.products import publish_file
from tests.factories import PRODUCTS, a_person, an_insurer
from tests.forms import sends
from tests.people import aigul, dana, insured_browser

pytestmark = pytest.mark.django_db
BOTH = (ConsentCode.PERSONAL_DATA, ConsentCode.MEDICAL_INFORMATION)
PAGE = "/policies/consents/"


@pytest.fixture
def nomad() -> Insurer:
    return an_insurer("nomad-life")


@pytest.fixture
def in_russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


def give(user: User, insurer: Insurer, person: Person | None = None, language: str = "kk") -> list[ConsentAct]:
    texts = consent_texts(insurer, BOTH)
    give_consents(user=user, texts=texts, person=person, language=language, now=timezone.now())
    return list(ConsentAct.objects.filter(user=user).order_by("pk"))


def publish_changed(tmp_path: Path, was: str = "сведения о моём полисе", becomes: str = "номер моего полиса") -> None:
    text = (PRODUCTS / "nomad-life.toml").read_text(encoding="utf-8")
    assert was in text
    (tmp_path / "changed.toml").write_text(text.replace(was, becomes), encoding="utf-8")
    publish_file(path=tmp_path / "changed.toml")


# ── Texts ────────────────────────────────────────────────────────────────────
def test_publishing_again_adds_no_version_and_a_changed_text_adds_one(nomad: Insurer, tmp_path: Path) -> None:
    an_insurer("nomad-life")
    assert {text.number for text in consent_texts(nomad, BOTH)} == {1}
    publish_changed(tmp_path)
    assert [text.number for text in consent_texts(nomad, BOTH)] == [2, 1]
    assert ConsentText.objects.filter(code__in=BOTH).count() == 3


@pytest.mark.parametrize(
    ("found", "written", "problem"),
    [
        ('code = "personal_data"', 'code = "personal"', ValueError),
        ("[insurer.consents.after_withdrawal]", "[insurer.consents.after]", TypeError),
        ('en = "Consent to giving medical information"', 'en = ""', ValueError),
        ('consents = ["personal_data", "medical_information"]', 'consents = ["personal"]', ValueError),
    ],
)
def test_what_nobody_could_read_is_not_published(
    tmp_path: Path, found: str, written: str, problem: type[Exception]
) -> None:
    text = (PRODUCTS / "nomad-life.toml").read_text(encoding="utf-8")
    assert found in text
    (tmp_path / "wrong.toml").write_text(text.replace(found, written), encoding="utf-8")
    with pytest.raises(problem):
        publish_file(path=tmp_path / "wrong.toml")
    assert not Insurer.objects.exists()


def test_a_door_asks_only_for_texts_that_its_insurer_has(tmp_path: Path) -> None:
    text = (PRODUCTS / "sogaz.toml").read_text(encoding="utf-8")
    changed = text.replace('consents = ["personal_data"]', 'consents = ["medical_information"]')
    assert changed != text
    (tmp_path / "wrong.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(ValueError, match="no text of medical_information"):
        publish_file(path=tmp_path / "wrong.toml")


# ── Acts ─────────────────────────────────────────────────────────────────────
def test_a_consent_keeps_who_when_what_version_and_in_which_language(nomad: Insurer) -> None:
    user, person = aigul(), a_person(nomad)
    act = give(user, nomad, person)[0]
    assert (act.user, act.person, act.text.number, act.language) == (user, person, 1, "kk")
    assert "келісемін" in act.text_read
    assert timezone.now() - act.at < timezone.timedelta(minutes=1)


def test_giving_twice_is_giving_once(nomad: Insurer) -> None:
    user = aigul()
    assert give(user, nomad) == give(user, nomad)


def test_all_that_is_asked_must_stand_for_this_very_person_at_this_insurer(nomad: Insurer) -> None:
    user, person, other = aigul(), a_person(nomad), an_insurer("sogaz")
    first, _second = give(user, nomad, person)
    assert has_consents(user, insurer=nomad, codes=BOTH, person=person)
    assert not has_consents(user, insurer=nomad, codes=BOTH)
    assert not has_consents(user, insurer=nomad, codes=BOTH, person=a_person(nomad, given_name="Бота"))
    assert not has_consents(user, insurer=other, codes=BOTH[:1], person=person)
    assert not has_consents(dana(), insurer=nomad, codes=BOTH, person=person)
    withdraw_consent(given=first, language="ru", now=timezone.now())
    assert not has_consents(user, insurer=nomad, codes=BOTH, person=person)
    assert has_consents(user, insurer=nomad, codes=BOTH[1:], person=person)


def test_a_new_version_asks_nobody_anew_and_is_kept_apart(nomad: Insurer, tmp_path: Path) -> None:
    user = aigul()
    give(user, nomad)
    publish_changed(tmp_path)
    assert has_consents(user, insurer=nomad, codes=BOTH)
    assert "сведения о моём полисе" in consents_of(user)[0].given.text.text_in("ru")
    give(user, nomad)
    assert ConsentAct.objects.count() == 3
    assert {consent.given.text.number for consent in consents_of(user)} == {1, 2}


def test_withdrawing_is_said_by_letter_once(nomad: Insurer) -> None:
    user = aigul()
    act = give(user, nomad)[0]
    assert withdraw_consent(given=act, language="kk", now=timezone.now())
    assert not withdraw_consent(given=act, language="kk", now=timezone.now())
    letter = Notice.objects.get()
    assert (letter.kind, letter.to, letter.channel) == ("consent_withdrawn", "aigul@example.kz", "email")
    assert "Дербес деректерді" in word(letter).text


def test_an_account_without_an_address_is_told_by_sms(nomad: Insurer) -> None:
    user = User.objects.create_user("", phone="+77012344567")
    withdraw_consent(given=give(user, nomad)[0], language="ru", now=timezone.now())
    assert (Notice.objects.get().channel, Notice.objects.get().to) == ("sms", "+77012344567")


def test_given_again_it_stands_and_the_older_act_withdraws_nothing(nomad: Insurer) -> None:
    user = aigul()
    older = give(user, nomad)[0]
    withdraw_consent(given=older, language="ru", now=timezone.now())
    give(user, nomad)
    assert has_consents(user, insurer=nomad, codes=BOTH)
    assert not withdraw_consent(given=older, language="ru", now=timezone.now())
    assert has_consents(user, insurer=nomad, codes=BOTH)


@pytest.mark.parametrize("table", ["policies_consentact", "policies_consenttext"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id"])
def test_neither_texts_nor_acts_can_be_rewritten(nomad: Insurer, table: str, statement: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute(statement.format(table))


# ── The form ─────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("in_russian")
def test_the_text_stands_before_its_tick(nomad: Insurer) -> None:
    page = str(ConsentsForm(texts=consent_texts(nomad, BOTH)))
    assert page.index("Какие данные") < page.index('name="consent_personal_data"') < page.index("Какая информация")
    assert "checked" not in page


def test_every_tick_is_asked_for(nomad: Insurer) -> None:
    form = ConsentsForm({"consent_personal_data": ["1"]}, texts=consent_texts(nomad, BOTH))
    assert list(form.errors) == ["consent_medical_information"]


@pytest.mark.usefixtures("in_russian")
def test_a_text_that_changed_meanwhile_is_read_anew(nomad: Insurer, tmp_path: Path) -> None:
    shown = {"consent_personal_data": ["1"], "consent_medical_information": ["1"]}
    assert ConsentsForm(shown, texts=consent_texts(nomad, BOTH)).is_valid()
    publish_changed(tmp_path)
    form = ConsentsForm(shown, texts=consent_texts(nomad, BOTH))
    assert list(form.errors) == ["consent_personal_data"]
    assert "номер моего полиса" in str(form)
    assert re.findall(r'value="(\d)"[^>]* checked', str(form)) == ["1"]  # the other, which is the same as before


# ── Pages ────────────────────────────────────────────────────────────────────
def test_the_cabinet_shows_what_was_agreed_to_in_the_language_that_was_read(nomad: Insurer) -> None:
    user = aigul()
    act = give(user, nomad)[0]
    browser = insured_browser(user)
    assert act.get_absolute_url() in browser.get(PAGE).text
    page = browser.get(act.get_absolute_url(), headers={"accept-language": "ru"}).text
    assert "Мен дербес деректерімді" in page
    assert 'lang="kk"' in page


def test_withdrawal_says_what_follows_and_changes_nothing_until_it_is_sent(nomad: Insurer) -> None:
    user = aigul()
    act = give(user, nomad)[0]
    browser, path = insured_browser(user), f"{act.get_absolute_url()}withdrawal/"
    page = browser.get(path).text
    assert act.text.words.after_withdrawal["kk"] in page
    assert has_consents(user, insurer=nomad, codes=BOTH)
    assert sends(browser, path)["Location"] == PAGE
    assert not has_consents(user, insurer=nomad, codes=BOTH)
    assert browser.get(path)["Location"] == PAGE
    sends(browser, act.get_absolute_url(), {"consent_personal_data": "1"})
    assert has_consents(user, insurer=nomad, codes=BOTH)


def test_a_consent_is_given_again_only_with_the_tick(nomad: Insurer) -> None:
    user = aigul()
    act = give(user, nomad)[0]
    withdraw_consent(given=act, language="ru", now=timezone.now())
    assert sends(insured_browser(user), act.get_absolute_url()).status_code == 200
    assert not has_consents(user, insurer=nomad, codes=BOTH)


def test_somebody_elses_consent_is_not_found(nomad: Insurer) -> None:
    act = give(aigul(), nomad)[0]
    stranger = insured_browser(dana())
    for path in (act.get_absolute_url(), f"{act.get_absolute_url()}withdrawal/"):
        assert stranger.get(path).status_code == 404
        assert sends(stranger, path).status_code == 404
        assert Client().get(path).status_code == 302
    assert ConsentAct.objects.count() == 2


def test_the_list_is_one_query_more_than_an_empty_one(nomad: Insurer, django_assert_max_num_queries: object) -> None:
    user = aigul()
    give(user, nomad)
    browser = insured_browser(user)
    browser.get(PAGE)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        browser.get(PAGE)
