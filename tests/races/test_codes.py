"""One code by SMS, typed by many at once: one gets in. Two hundred guesses at once: as many are compared as are allowed."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import connections

from accounts import rules
from accounts.models import NumberChange, PhoneCode, User
from accounts.rules import Answer, Sending
from accounts.services import NumberTaken, apply_due_changes, check_code, codes, send_code, set_mobile, stop_change
from core.models import Limit
from notices.models import Notice
from tests.accounts.sms import OTHER, PHONE, sent_to, with_mobile
from tests.people import a_person
from tests.races.crowd import CROWD, all_at_once
from tests.races.test_limits import read_modify_save

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BRAND = {"name": "Мой полис", "phone": "22-58", "hours": "", "url": "https://my.nsk.kz"}


def send(browser: str, source: str = "10.0.0.1") -> Sending:
    return send_code(phone=PHONE, purpose="test", browser=browser, source=source, language="ru", brand=BRAND, now=NOW)


def answers_to(code: str) -> Counter[Answer]:
    return Counter(all_at_once(
        lambda number: check_code(purpose="test", browser="hers", code=code, now=NOW).answer
    ))  # fmt: skip


def test_of_forty_who_type_the_right_code_at_once_one_gets_in() -> None:
    send("hers")
    assert answers_to(sent_to(PHONE)[0]) == {Answer.RIGHT: 1, Answer.DEAD: CROWD - 1}


@pytest.mark.long
def test_looking_first_and_marking_later_would_let_many_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: they do meet. Nobody's try is counted, so nobody waits."""
    send("hers")
    everybody_is_here = Barrier(CROWD)

    def looks_at_the_same_time(self: object, **values: object) -> int:
        if "tries" in values:
            everybody_is_here.wait(timeout=30)
        return 1

    monkeypatch.setattr("django.db.models.query.QuerySet.update", looks_at_the_same_time)
    monkeypatch.setattr(codes, "_wrong", lambda phone: codes.Allowance("test:wrong", None, rules.WRONG_WINDOW))
    assert answers_to(sent_to(PHONE)[0])[Answer.RIGHT] > 1


# ── Two hundred guesses from forty browsers, each with a code of its own ─────
TRIES_EACH = 5


@pytest.fixture
def forty_browsers() -> None:
    """As if the pause between codes were none."""
    PhoneCode.objects.bulk_create([
        PhoneCode(
            browser=rules.hash_of(f"guesser {number}"), purpose="test", phone=PHONE, digest="nothing fits",
            expires_at=NOW + rules.CODE_LIFE,
        )
        for number in range(CROWD)
    ])  # fmt: skip


def guessed_two_hundred_times() -> Counter[Answer]:
    def tries(number: int) -> list[Answer]:
        browser = f"guesser {number}"
        return [check_code(purpose="test", browser=browser, code="000000", now=NOW).answer for _ in range(TRIES_EACH)]

    return Counter(answer for answers in all_at_once(tries) for answer in answers)


def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every digest that a typed code was held against, from now on."""
    held: list[str] = []
    compares = codes.hmac.compare_digest

    def counts(one: str, other: str) -> bool:
        held.append(one)
        return compares(one, other)

    monkeypatch.setattr(codes.hmac, "compare_digest", counts)
    return held


@pytest.mark.usefixtures("forty_browsers")
def test_two_hundred_guesses_at_once_are_compared_six_times(monkeypatch: pytest.MonkeyPatch) -> None:
    held = compared(monkeypatch)
    answers = guessed_two_hundred_times()
    assert held.count("nothing fits") == rules.WRONG_CODES
    assert sum(answers.values()) == CROWD * TRIES_EACH
    assert answers[Answer.WRONG] == rules.WRONG_CODES - 1  # the sixth is told that the number is locked
    assert Limit.objects.get(key=rules.counter_of_number("wrong", PHONE)).spent == rules.WRONG_CODES


@pytest.mark.long
@pytest.mark.usefixtures("forty_browsers")
def test_reading_first_and_saving_later_would_compare_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: everybody has read before the first one saves."""
    everybody_has_read = Barrier(CROWD)
    spends = read_modify_save(everybody_has_read)
    monkeypatch.setattr(codes.limits, "spend", lambda *asked, now: spends(*asked, now=now))
    monkeypatch.setattr(codes, "_lock", lambda phone: codes.Allowance("nobody's lock", None, None))
    held = compared(monkeypatch)
    all_at_once(lambda number: check_code(purpose="test", browser=f"guesser {number}", code="000000", now=NOW))
    assert held.count("nothing fits") >= CROWD


# ── Asking ───────────────────────────────────────────────────────────────────
def test_forty_who_ask_for_one_number_at_once_send_one_sms() -> None:
    sendings = Counter(all_at_once(lambda number: send(f"browser {number}", f"10.0.0.{number}")))
    assert sendings == {Sending.SENT: 1, Sending.TOO_SOON: CROWD - 1}
    assert Notice.objects.count() == 1


# ── A number ─────────────────────────────────────────────────────────────────
def proved_by_forty(people: list[User]) -> int:
    """How many of them have the number afterwards."""

    def proves(number: int) -> bool:
        try:
            set_mobile(user=people[number], phone=PHONE, brand=BRAND, now=NOW)
        except NumberTaken:
            return False
        return True

    return sum(all_at_once(proves))


@pytest.fixture
def people() -> list[User]:
    return [a_person(f"person{number}@example.kz") for number in range(CROWD)]


def test_of_forty_accounts_that_prove_one_number_at_once_one_has_it(people: list[User]) -> None:
    assert proved_by_forty(people) == User.objects.filter(phone=PHONE).count() == 1


@pytest.fixture
def unguarded() -> Iterator[None]:
    guard = next(c for c in User._meta.constraints if c.name == "mobile_number_of_one_account")
    with connections["owner"].schema_editor() as editor:
        editor.remove_constraint(User, guard)
    yield
    with connections["owner"].schema_editor() as editor:
        editor.execute("TRUNCATE accounts_user CASCADE")
        editor.add_constraint(User, guard)
    connections["owner"].close()


@pytest.mark.long
def test_without_the_constraint_many_would(
    people: list[User], unguarded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: all of them have looked before the first one writes."""
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda self: False)
    assert proved_by_forty(people) > 1


def test_of_stopping_and_changing_at_once_one_happens() -> None:
    user = with_mobile()
    set_mobile(user=user, phone=OTHER, brand=BRAND, now=NOW)
    due = NOW + rules.HOLD

    def acts(number: int) -> int:
        if number % 2:
            return int(stop_change(user=user))
        return apply_due_changes(brand_for=lambda user: BRAND, now=due)

    assert sum(all_at_once(acts)) == 1
    user.refresh_from_db()
    is_done = NumberChange.objects.get().state == NumberChange.State.DONE
    assert str(user.phone) == (OTHER if is_done else PHONE)
    assert Notice.objects.filter(kind="account_changed").count() == (2 if is_done else 0)
