"""The number on the profile page: the first counts at once, another one a day later unless its owner stops it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import rules, services
from accounts.models import NumberChange, User
from accounts.tasks import end_holds
from core.models import AuditEvent
from tests.accounts.conftest import Letters
from tests.accounts.doors import sign_in
from tests.accounts.sms import MOBILE, MOBILE_CODE, OTHER, PHONE, a_wrong_one, asks, at_home, confirms, sent_to, types
from tests.accounts.sms import with_mobile as aigul_with_mobile
from tests.forms import sends
from tests.people import aigul, dana

pytestmark = pytest.mark.django_db
WITHDRAWAL, KEEP = "/accounts/mobile/withdrawal/", "/accounts/mobile/change/end/"
NOON = datetime(2026, 11, 23, 7, tzinfo=UTC)
THIRD = "+77059998877"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def number_of(user: User) -> str:
    user.refresh_from_db()
    return str(user.phone)


# ── The first number ─────────────────────────────────────────────────────────
def test_a_code_confirms_the_first_number_at_once_and_the_letterbox_learns_of_it(letters: Letters) -> None:
    user = aigul()
    assert confirms(at_home(user))["Location"] == MOBILE
    assert number_of(user) == PHONE
    assert user.phone_changed_at == NOON
    assert [(letter.kind, letter.to) for letter in letters()][1:] == [("account_changed", "aigul@example.kz")]
    assert letters()[-1].context["change"] == "phone added"


def test_a_wrong_code_confirms_nothing() -> None:
    user = aigul()
    browser = at_home(user)
    asks(browser, MOBILE)
    assert types(browser, a_wrong_one(*sent_to(PHONE)), MOBILE_CODE).context["form"].errors["code"]
    assert number_of(user) == ""
    assert types(browser, sent_to(PHONE)[0], MOBILE_CODE).status_code == 302
    assert number_of(user) == PHONE


def test_another_account_cannot_type_my_code() -> None:
    mine, hers = at_home(aigul()), dana()
    asks(mine, MOBILE)
    assert types(at_home(hers), sent_to(PHONE)[0], MOBILE_CODE)["Location"] == MOBILE
    assert number_of(hers) == ""


def test_a_number_that_another_account_proved_is_refused_after_the_code_only(letters: Letters) -> None:
    aigul_with_mobile()
    user = dana(language="en")
    browser = at_home(user)
    assert asks(browser, MOBILE)["Location"] == MOBILE_CODE  # as for any number
    page = types(browser, sent_to(PHONE)[0], MOBILE_CODE, follow=True, headers={"Accept-Language": "en"})
    assert "This number opens another account" in page.text
    assert number_of(user) == ""


def test_the_database_lets_no_two_accounts_have_one_number_and_any_many_none() -> None:
    aigul_with_mobile()
    user = dana()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(phone=PHONE)
    assert User.objects.filter(phone="").count() == 1


def test_a_lost_race_is_told_as_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    aigul_with_mobile()
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda self: False)  # both looked before one wrote
    with pytest.raises(services.NumberTaken):
        services.set_mobile(user=dana(), phone=PHONE, brand={}, now=NOON)


@pytest.mark.parametrize("path", [MOBILE, MOBILE_CODE, WITHDRAWAL])
def test_the_password_is_asked_once_more_before_anything(client: Client, path: str) -> None:
    """A session that somebody left open is not enough."""
    aigul_with_mobile()
    sign_in(client)
    assert sends(client, path, {"phone": OTHER})["Location"].startswith("/accounts/reauthenticate/")
    assert (NumberChange.objects.count(), sent_to(OTHER)) == (0, [])


@pytest.mark.parametrize("path", [MOBILE, MOBILE_CODE, WITHDRAWAL, KEEP])
def test_strangers_are_asked_to_sign_in(client: Client, path: str) -> None:
    assert sends(client, path)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", [WITHDRAWAL, KEEP])
def test_acts_are_posted(path: str) -> None:
    assert at_home(aigul()).get(path).status_code == 405


# ── Another number ───────────────────────────────────────────────────────────
def asked_for_another(phone: str = OTHER) -> tuple[User, Client]:
    user = aigul_with_mobile()
    browser = at_home(user)
    confirms(browser, phone)
    return user, browser


def test_another_number_counts_a_day_later_and_until_then_the_old_one(clock: time_machine.Traveller) -> None:
    user, _browser = asked_for_another()
    clock.move_to(NOON + rules.HOLD - timedelta(seconds=1))
    end_holds()
    assert number_of(user) == PHONE
    assert sign_in(Client(), PHONE).status_code == 302
    clock.move_to(NOON + rules.HOLD)
    end_holds()
    assert number_of(user) == OTHER
    assert user.phone_changed_at == NOON + rules.HOLD
    assert sign_in(Client(), PHONE).status_code == 200
    assert sign_in(Client(), OTHER).status_code == 302


def test_the_old_number_and_the_letterbox_learn_of_it_before_and_after(
    letters: Letters, clock: time_machine.Traveller
) -> None:
    asked_for_another()
    before = [(letter.kind, letter.to) for letter in letters() if letter.kind == "number_change"]
    assert before == [("number_change", "aigul@example.kz"), ("number_change", PHONE)]
    clock.shift(rules.HOLD)
    end_holds()
    after = [(letter.kind, letter.to) for letter in letters() if letter.kind == "account_changed"]
    assert after == [("account_changed", "aigul@example.kz"), ("account_changed", PHONE)]


def test_the_message_names_the_new_number_to_its_owner_only(letters: Letters) -> None:
    asked_for_another()
    told = [letter.context for letter in letters() if letter.kind == "number_change"]
    assert {context["new"] for context in told} == {"+7 916 ••• 45 67"}


def link_to_stop(letters: Letters) -> str:
    url: str = next(letter.context["url"] for letter in letters() if letter.kind == "number_change")
    return url.removeprefix("http://127.0.0.1:8000")


def test_the_link_stops_it_by_its_button_once_and_without_signing_in(
    letters: Letters, clock: time_machine.Traveller
) -> None:
    user, _browser = asked_for_another()
    link, scanner = link_to_stop(letters), Client()
    assert scanner.head(link).status_code == scanner.get(link).status_code == 200
    assert NumberChange.objects.get().state == NumberChange.State.WAITING
    assert Client().post(link).status_code == 200
    assert Client().post(link).status_code == 410
    clock.shift(rules.HOLD)
    end_holds()
    assert number_of(user) == PHONE


def test_an_invented_link_stops_nothing() -> None:
    asked_for_another()
    assert Client().post("/accounts/stop/invented/").status_code == 410
    assert NumberChange.objects.get().state == NumberChange.State.WAITING


def test_the_owner_stops_it_on_the_page_and_a_stranger_does_not() -> None:
    _user, browser = asked_for_another()
    sends(at_home(dana()), KEEP)
    assert NumberChange.objects.get().state == NumberChange.State.WAITING
    sends(browser, KEEP)
    assert NumberChange.objects.get().state == NumberChange.State.STOPPED


def test_a_further_wish_takes_the_place_of_the_first_and_the_day_begins_anew(clock: time_machine.Traveller) -> None:
    user, _browser = asked_for_another()
    clock.shift(timedelta(hours=20))
    confirms(at_home(user), THIRD)
    clock.shift(timedelta(hours=5))
    end_holds()
    assert number_of(user) == PHONE
    clock.shift(timedelta(hours=19))
    end_holds()
    assert number_of(user) == THIRD


def test_a_number_that_somebody_proved_meanwhile_is_not_taken_from_them(clock: time_machine.Traveller) -> None:
    user, _browser = asked_for_another()
    User.objects.filter(pk=dana().pk).update(phone=OTHER)
    clock.shift(rules.HOLD)
    end_holds()
    assert number_of(user) == PHONE
    assert NumberChange.objects.get().state == NumberChange.State.TAKEN


def test_the_same_number_again_changes_nothing() -> None:
    user = aigul_with_mobile()
    confirms(at_home(user), PHONE)
    assert (number_of(user), NumberChange.objects.count()) == (PHONE, 0)


def test_removing_a_number_takes_the_same_day_or_it_would_be_a_way_round(clock: time_machine.Traveller) -> None:
    user = aigul_with_mobile()
    browser = at_home(user)
    sends(browser, WITHDRAWAL)
    confirms(browser, OTHER)
    assert number_of(user) == PHONE
    clock.shift(rules.HOLD)
    end_holds()
    assert number_of(user) == OTHER


def test_a_removed_number_opens_nothing_any_more(clock: time_machine.Traveller, letters: Letters) -> None:
    user = aigul_with_mobile()
    sends(at_home(user), WITHDRAWAL)
    clock.shift(rules.HOLD)
    end_holds()
    assert number_of(user) == ""
    assert sign_in(Client(), PHONE).status_code == 200
    assert [letter.to for letter in letters() if letter.kind == "account_changed"] == ["aigul@example.kz", PHONE]


def test_where_there_is_no_number_nothing_is_removed() -> None:
    user = aigul()
    assert sends(at_home(user), WITHDRAWAL).status_code == 302
    assert NumberChange.objects.count() == 0


def test_the_only_way_in_is_not_removed() -> None:
    user = aigul_with_mobile()
    browser = at_home(user)
    assert WITHDRAWAL in browser.get(MOBILE).text  # control
    user.emailaddress_set.all().delete()
    assert WITHDRAWAL not in browser.get(MOBILE).text
    sends(browser, WITHDRAWAL)
    assert NumberChange.objects.count() == 0


def test_the_task_twice_is_the_task_once(clock: time_machine.Traveller, letters: Letters) -> None:
    asked_for_another()
    clock.shift(rules.HOLD)
    end_holds()
    told = len(letters())
    end_holds()
    assert len(letters()) == told


def test_every_step_stands_in_the_trail_without_the_number(clock: time_machine.Traveller) -> None:
    user = aigul()
    confirms(at_home(user))
    confirms(at_home(user), OTHER)
    services.stop_change(user=user)
    confirms(at_home(user), THIRD)
    clock.shift(rules.HOLD)
    end_holds()
    trail = AuditEvent.objects.filter(object_id=str(user.pk)).order_by("pk")
    assert [event.verb for event in trail] == [
        "confirmed a mobile number",
        "asked for another mobile number",
        "stopped the change of the mobile number",
        "asked for another mobile number",
        "changed the mobile number",
    ]
    assert PHONE not in str(list(trail.values()))
