"""The mechanism behind every code by SMS (security.md, 2.4): its life, its browser, its tries, its price."""

import logging
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts import rules
from accounts.models import PhoneCode
from accounts.rules import Answer, Sending
from accounts.services import check_code, codes, forget_codes, send_code
from core.fields import our_mobile
from core.models import Limit
from notices.models import Notice
from notices.rules import sms_parts
from notices.services.wording import word
from tests.accounts.sms import OTHER, PHONE, a_wrong_one, sent_to

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BRAND = {"name": "Мой полис", "phone": "22-58", "hours": "", "url": "https://my.nsk.kz"}


def send(phone: str = PHONE, *, now: datetime = NOW, **other: Any) -> Sending:
    asked: dict[str, Any] = {"purpose": "test", "browser": "hers", "source": "10.0.0.1", "language": "ru"}
    return send_code(phone=phone, brand=BRAND, now=now, **(asked | other))


def check(code: str, *, now: datetime = NOW, purpose: str = "test", browser: str = "hers") -> Answer:
    return check_code(purpose=purpose, browser=browser, code=code, now=now).answer


def the_code(phone: str = PHONE) -> str:
    return sent_to(phone)[-1]


def test_the_right_code_in_the_right_browser_proves_the_number_once() -> None:
    assert send() is Sending.SENT
    checked = check_code(purpose="test", browser="hers", code=the_code(), now=NOW)
    assert (checked.answer, checked.phone) == (Answer.RIGHT, PHONE)
    assert check(the_code()) is Answer.DEAD


def test_a_code_is_six_digits_and_stands_nowhere_in_the_clear() -> None:
    send()
    row = PhoneCode.objects.values().get()
    assert len(the_code()) == 6
    assert the_code().isdigit()
    assert the_code() not in str(row)


def test_the_letterbox_forgets_the_code_when_it_has_left_and_drops_it_when_it_is_dead() -> None:
    send()
    sms = Notice.objects.get()
    assert (sms.secret, sms.not_after) == (True, NOW + rules.CODE_LIFE)


@pytest.mark.parametrize(("age", "answer"), [(10 * MINUTE - SECOND, Answer.RIGHT), (10 * MINUTE, Answer.DEAD)])
def test_a_code_lives_ten_minutes(age: timedelta, answer: Answer) -> None:
    send()
    assert check(the_code(), now=NOW + age) is answer


@pytest.mark.parametrize("elsewhere", [{"browser": "another"}, {"purpose": "another"}])
def test_in_another_browser_or_for_another_purpose_there_is_no_such_code(elsewhere: dict[str, Any]) -> None:
    send()
    assert check(the_code(), **elsewhere) is Answer.DEAD
    assert check(the_code()) is Answer.RIGHT


def test_a_row_moved_to_another_browser_does_not_fit_there() -> None:
    """Control of the binding: the digest holds it too, not the look-up alone."""
    send()
    PhoneCode.objects.update(browser=rules.hash_of("another"))
    assert check(the_code(), browser="another") is Answer.WRONG


def test_a_newer_code_of_the_same_browser_takes_the_place_of_the_older() -> None:
    send()
    older = the_code()
    send(now=NOW + MINUTE)
    assert check(older, now=NOW + MINUTE) is (Answer.WRONG if older != the_code() else Answer.RIGHT)
    assert check(the_code(), now=NOW + MINUTE) is Answer.RIGHT


def test_a_stranger_who_asks_for_my_number_does_not_kill_my_code() -> None:
    send()
    mine = the_code()
    send(browser="stranger's", now=NOW + MINUTE)
    assert check(mine, now=NOW + MINUTE) is Answer.RIGHT


def test_after_three_wrong_tries_the_right_code_is_dead() -> None:
    send()
    wrong = a_wrong_one(the_code())
    assert [check(wrong) for _ in range(3)] == [Answer.WRONG, Answer.WRONG, Answer.DEAD]
    assert check(the_code()) is Answer.DEAD


def test_after_two_wrong_tries_the_right_code_still_opens() -> None:
    send()
    check(a_wrong_one(the_code()))
    check(a_wrong_one(the_code()))
    assert check(the_code()) is Answer.RIGHT


# ── Six wrong within a quarter of an hour ────────────────────────────────────
def guess_six_times(browsers: int = 2) -> list[Answer]:
    """Wrong codes at one number from so many browsers, each with a code of its own."""
    answers = []
    for number in range(6):
        browser = f"guesser {number % browsers}"
        if number < browsers:
            assert send(browser=browser, now=NOW + number * MINUTE) is Sending.SENT
        answers.append(check("no code", browser=browser, now=NOW + 5 * MINUTE))
    return answers


def test_six_wrong_codes_lock_the_number_for_two_hours_to_the_second() -> None:
    locked_at = NOW + 5 * MINUTE
    assert guess_six_times()[-1] is Answer.LOCKED
    assert send(browser="hers", now=locked_at + rules.NUMBER_LOCK - SECOND) is Sending.LOCKED
    assert send(browser="hers", now=locked_at + rules.NUMBER_LOCK) is Sending.SENT


def test_a_code_that_waits_is_not_compared_while_its_number_is_locked() -> None:
    send()
    mine, later = the_code(), NOW + 5 * MINUTE
    PhoneCode.objects.update(expires_at=NOW + timedelta(days=1))
    for number in range(2):
        send(browser=f"guesser {number}", now=NOW + (number + 1) * MINUTE)
        for _ in range(3):
            check("no code", browser=f"guesser {number}", now=later)
    assert check(mine, now=later) is Answer.LOCKED
    assert check(mine, now=later + 20 * MINUTE) is Answer.LOCKED  # the quarter of an hour is over, the two are not
    assert check(mine, now=later + rules.NUMBER_LOCK) is Answer.RIGHT  # control: it was the lock that refused


def test_without_the_lock_a_quarter_of_an_hour_later_six_more_would_be_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control."""
    monkeypatch.setattr(codes, "_lock", lambda phone: codes.Allowance("nobody's lock", None, SECOND))
    guess_six_times()
    assert send(now=NOW + 30 * MINUTE) is Sending.SENT
    assert check("no code", now=NOW + 30 * MINUTE) is Answer.WRONG


def test_another_number_is_not_locked_with_it() -> None:
    guess_six_times()
    assert send(OTHER, now=NOW + 6 * MINUTE) is Sending.SENT


def test_the_right_code_begins_the_count_of_wrong_ones_anew() -> None:
    for round_ in range(3):
        now = NOW + round_ * MINUTE
        send(now=now)
        wrong = a_wrong_one(the_code())
        assert [check(wrong, now=now), check(wrong, now=now), check(the_code(), now=now)][-1] is Answer.RIGHT


def test_a_day_of_guessing_has_thirty_tries_at_most() -> None:
    """30 of 1,000,000; security.md allows 1 in 10,000 an account and day."""
    compared, now = 0, NOW
    while now < NOW + timedelta(days=1):
        if send(browser="guesser", now=now) is Sending.SENT:
            answers = [check("no code", browser="guesser", now=now) for _ in range(3)]
            compared += len([answer for answer in answers if answer is not Answer.LOCKED or answers.index(answer) == 2])
        now += 10 * MINUTE
    assert 0 < compared <= 30


# ── How often ────────────────────────────────────────────────────────────────
def test_a_number_gets_a_code_every_half_minute_at_most() -> None:
    assert [send(now=NOW + at * SECOND) for at in (0, 29, 30)] == [Sending.SENT, Sending.TOO_SOON, Sending.SENT]


def test_a_number_gets_five_an_hour_and_ten_a_day() -> None:
    hour = [send(now=NOW + number * MINUTE) for number in range(6)]
    assert hour == [Sending.SENT] * 5 + [Sending.TOO_OFTEN]
    day = [send(now=NOW + timedelta(hours=2) + number * 13 * MINUTE) for number in range(6)]
    assert day == [Sending.SENT] * 5 + [Sending.TOO_OFTEN]
    assert send(now=NOW + timedelta(days=1)) is Sending.SENT


def a_number(number: int, prefix: str = "+7701") -> str:
    return f"{prefix}{number:07}"


def test_one_source_asks_for_sixty_numbers_an_hour_and_eats_of_nobodys_day() -> None:
    for number in range(rules.CODES_OF_SOURCE):
        assert send(a_number(number, f"+77{number % 10:02}")) is Sending.SENT
    assert send() is Sending.TOO_OFTEN
    assert send(source="10.0.0.2", now=NOW + MINUTE) is Sending.SENT
    assert [limit.spent for limit in Limit.objects.filter(key=rules.counter_of_number("day", PHONE))] == [1]


def pump(messages: int, *, now: datetime = NOW) -> list[Sending]:
    """Numbers in a row, each asked for from another address: what earns money for whoever owns them."""
    return [send(a_number(number), source=f"10.{number}.0.1", now=now) for number in range(messages)]


def test_one_operators_numbers_get_so_many_an_hour_and_somebody_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rules, "CODES_OF_PREFIX", 5)
    assert pump(7) == [Sending.SENT] * 5 + [Sending.TOO_OFTEN] * 2
    assert send(OTHER) is Sending.SENT
    assert len([record for record in caplog.records if "one operator" in record.message]) == 1


def test_without_the_prefix_every_number_in_a_row_would_be_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr(rules, "CODES_OF_PREFIX", None)
    assert pump(7) == [Sending.SENT] * 7


def test_when_the_days_money_is_spent_nobody_gets_a_code_and_it_is_said_once(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_MONEY_A_DAY, settings.SMS_PART_PRICE = Decimal(200), Decimal(20)  # five codes of two parts
    assert pump(9) == [Sending.SENT] * 5 + [Sending.CLOSED] * 4
    assert Notice.objects.count() == 5
    told = [record for record in caplog.records if "money" in record.message]
    assert [(record.levelno, PHONE in record.message) for record in told] == [(logging.ERROR, False)]
    assert send(OTHER, now=NOW + timedelta(days=1)) is Sending.SENT


def test_without_money_there_are_no_codes_at_all(settings: LazySettings) -> None:
    settings.SMS_MONEY_A_DAY = Decimal(0)
    assert send() is Sending.CLOSED


def test_a_stranger_who_asks_for_numbers_that_nobody_has_spends_no_money(settings: LazySettings) -> None:
    settings.SMS_MONEY_A_DAY = Decimal(40)
    for number in range(5):
        assert send(a_number(number), is_meant=False) is Sending.SENT
    assert send() is Sending.SENT


def test_what_a_code_costs_is_what_was_reckoned() -> None:
    """In every language, with the longest name of an insurer and the longest host."""
    brand = BRAND | {"name": "Компания по страхованию жизни «Nomad Life»", "url": "https://moi-polis.nomad.kz"}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            notice = Notice(kind="phone_code", channel="sms", to=PHONE, language=language)
            notice.context = {"code": "417302", "minutes": 10, "brand": brand}
            assert sms_parts(word(notice).text) <= rules.PARTS_OF_A_CODE, language


# ── A stranger ───────────────────────────────────────────────────────────────


def test_a_number_that_may_get_no_code_is_answered_and_counted_the_same() -> None:
    def story(phone: str, is_meant: bool) -> list[object]:
        asked = [send(phone, is_meant=is_meant, now=NOW + at * SECOND, browser=phone) for at in (0, 1, 30)]
        return [*asked, *[check("no code", browser=phone, now=NOW + MINUTE) for _ in range(4)]]

    assert story(PHONE, True) == story(OTHER, False)
    assert (len(sent_to(PHONE)), len(sent_to(OTHER))) == (2, 0)
    spent = Limit.objects.exclude(key="code:money").values_list("key", "spent")
    kinds = [(key.split(":")[1], count) for key, count in spent]
    assert kinds.count(("wrong", 3)) == kinds.count(("day", 2)) == kinds.count(("hour", 2)) == 2


def test_no_code_fits_where_none_was_meant() -> None:
    send(is_meant=False)
    assert check("") is Answer.WRONG


def test_a_number_stands_in_no_counters_name() -> None:
    guess_six_times()
    assert not [key for key in Limit.objects.values_list("key", flat=True) if PHONE in key]


@pytest.mark.parametrize(
    "typed", ["+7 7272 58 18 00", "+7 751 123 45 67", "8 800 080 00 00", "+49 1511 2345678", "22-58", "aigul"]
)
def test_only_mobiles_of_kazakhstan_and_russia_are_numbers_for_codes(typed: str) -> None:
    with pytest.raises(ValidationError):
        our_mobile(typed)


@pytest.mark.parametrize(("typed", "number"), [("8 701 234 45 67", PHONE), ("+7 (916) 123-45-67", OTHER)])
def test_they_are_taken_as_people_write_them(typed: str, number: str) -> None:
    assert our_mobile(typed) == number


def test_what_has_run_out_is_forgotten_and_what_lives_is_not() -> None:
    send()
    assert forget_codes(now=NOW + rules.CODE_LIFE) == 0
    assert forget_codes(now=NOW + rules.CODE_LIFE + SECOND) == 1
    assert not PhoneCode.objects.exists()


def test_sending_and_checking_say_nothing_of_number_and_code_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    guess_six_times()
    assert [word for record in caplog.records for word in (PHONE, *sent_to(PHONE)) if word in record.getMessage()] == []
