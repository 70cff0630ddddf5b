"""The coordinators' room: pages of their own insurers, nothing of any talk, files that are told to the audit trail."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from core.models import AuditEvent
from policies.forms import scopes
from policies.models import Policy, Product, ProductVersion, StaffMembership
from policies.rules import StaffRole
from telemed.models import Attempt, Consultation, Doctor, PresenceSpan
from telemed.queries import requests as listed
from telemed.rules import AttemptResult, Means, Side, State
from telemed.services.quality import file_claim, rate
from telemed.services.talk import say
from tests.factories import a_borrower, a_policy, an_insurer
from tests.people import a_member, aigul, oksana, staff_browser, zarina
from tests.queries import statements
from tests.telemed.after import ENDED, WRITTEN, a_talk, sent
from tests.telemed.factories import NOW, a_booking, a_consultation, a_doctor, a_patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
NOW_PAGE, BOARD, FIGURES = "/assistance/now/", "/assistance/now/board/", "/assistance/figures/"
REQUESTS, CLAIMS, EXPORT = "/assistance/requests/", "/assistance/claims/", "/assistance/export/"
PAGES = [NOW_PAGE, BOARD, FIGURES, REQUESTS, f"{CLAIMS}?period=month", CLAIMS, EXPORT]
TODAY = {"first": "21.11.2026", "last": "21.11.2026"}


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_patient(user, a_borrower())


@pytest.fixture
def coordinator(policy: Policy) -> User:
    return zarina(policy.insurer)


@pytest.fixture
def room(coordinator: User) -> Client:
    browser = staff_browser(coordinator)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def page(browser: Client, address: str, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.text)


def file_of(browser: Client, **facts: str) -> bytes:
    answer = browser.post(EXPORT, TODAY | {"what": "list", "kind": "csv", "reason": "Отчёт за ноябрь"} | facts)
    assert answer.streaming
    assert answer["Content-Disposition"].startswith("attachment;")
    return b"".join(answer.streaming_content)


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))


# ── Who comes in ─────────────────────────────────────────────────────────────
def test_a_coordinator_lands_in_the_room(room: Client) -> None:
    assert room.get("/")["Location"] == "/assistance/"
    assert room.get("/assistance/")["Location"] == NOW_PAGE


@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.COORDINATOR])
def test_other_roles_have_no_room(policy: Policy, role: StaffRole) -> None:
    browser = staff_browser(a_member(role, policy.insurer, "other@example.kz"))
    assert {browser.get(address).status_code for address in PAGES} == {403}


def test_a_right_that_ended_holds_no_page_open(room: Client, coordinator: User) -> None:
    assert room.get(BOARD).status_code == 200
    StaffMembership.objects.filter(user=coordinator).delete()
    assert {room.get(address).status_code for address in PAGES} == {403}


# ── Whose requests ───────────────────────────────────────────────────────────
@pytest.fixture
def elsewhere(user: User) -> Policy:
    return a_policy("1825 DM 0417", insurer=an_insurer("sogaz"))


def test_another_insurers_requests_are_nowhere(room: Client, user: User, policy: Policy, elsewhere: Policy) -> None:
    mine, other = a_consultation(user, policy), a_consultation(user, elsewhere)
    for address in (NOW_PAGE, BOARD, REQUESTS):
        text = page(room, address)
        assert mine.number in text
        assert other.number not in text
    assert "<b>1</b> <span>request</span>" in page(room, FIGURES)
    assert [row[0] for row in rows_of(file_of(room))][1:] == [f"№ {mine.number}"]
    assert room.get(FIGURES, {"insurer": "sogaz"}).status_code == 404


def test_who_serves_two_insurers_reads_totals_of_each_and_may_look_at_one(
    room: Client, coordinator: User, user: User, policy: Policy, elsewhere: Policy
) -> None:
    StaffMembership.objects.create(user=coordinator, insurer=elsewhere.insurer, role=StaffRole.COORDINATOR)
    mine, other = a_consultation(user, policy), a_consultation(user, elsewhere)
    both = page(room, FIGURES)
    assert "By insurer" in both
    assert "<b>2</b> <span>requests</span>" in both
    one = page(room, FIGURES, insurer="sogaz")
    assert "By insurer" not in one
    assert "<b>1</b> <span>request</span>" in one
    assert mine.number not in page(room, REQUESTS, insurer="sogaz")
    assert other.number in page(room, REQUESTS, insurer="sogaz")


# ── Which days ───────────────────────────────────────────────────────────────
def test_a_period_is_a_link_and_other_days_are_typed(room: Client, user: User, policy: Policy) -> None:
    a_consultation(user, policy, asked_at=NOW - timedelta(days=1))
    assert "Nobody has asked" in page(room, FIGURES)
    for query in ({"period": "yesterday"}, {"first": "20.11.2026", "last": "2026-11-20"}):
        assert "<b>1</b> <span>request</span>" in page(room, FIGURES, **query)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"first": "31.02.2026", "last": "1.3.2026"}, "Enter a valid date."),
        ({"first": "1.11.2026"}, "Enter both days, or choose a period above"),
        ({"last": "1.11.2026"}, "Enter both days, or choose a period above"),
        ({"first": "2.11.2026", "last": "1.11.2026"}, "The last day is not before the first"),
        ({"first": "1.11.2026", "last": "22.11.2026"}, "The last day is today at the latest"),
        ({"first": "20.11.2025", "last": "21.11.2026"}, "A period is a year at most"),
        ({"first": "1.1.0001", "last": "2.1.0001"}, "Requests are counted from 2020 on"),
    ],
)
def test_days_that_cannot_be_counted_are_told_and_stay_in_their_boxes(
    room: Client, query: dict[str, str], words: str
) -> None:
    for address in (FIGURES, REQUESTS, CLAIMS):
        text = page(room, address, **query)
        assert words in text
        assert f'value="{next(iter(query.values()))}"' in text


def test_a_year_can_be_counted(room: Client) -> None:
    assert "Nobody has asked" in page(room, FIGURES, first="21.11.2025", last="21.11.2026")


@pytest.mark.parametrize("query", [{"period": "century"}, {"insurer": "nobody"}])
def test_what_no_link_offers_is_not_there(room: Client, query: dict[str, str]) -> None:
    assert {room.get(address, query).status_code for address in (FIGURES, REQUESTS, CLAIMS)} == {404}


# ── The requests behind the figures ──────────────────────────────────────────
def test_requests_are_listed_by_how_they_ended(room: Client, user: User, policy: Policy) -> None:
    left = a_consultation(user, policy, State.CANCELLED, ended_at=NOW, queued_at=NOW - timedelta(minutes=12))
    waiting = a_consultation(user, policy, State.WAITING)
    text = page(room, REQUESTS, ending="left")
    assert left.number in text
    assert waiting.number not in text
    assert "left before a doctor called: 1" in text
    assert "12 min 0 s" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_how_long_the_page_was_open_stands_beside_the_wait(room: Client, user: User, policy: Policy) -> None:
    """TM-42: whoever was not there has no claim about the wait."""
    left = a_consultation(user, policy, State.CANCELLED, ended_at=NOW, queued_at=NOW - timedelta(minutes=12))
    PresenceSpan.objects.create(consultation=left, since=NOW - timedelta(minutes=20), until=NOW - timedelta(minutes=5))
    assert "at the page: 7 min 0 s" in page(room, REQUESTS).replace("\N{NO-BREAK SPACE}", " ")


def test_attempts_of_the_last_call_stand_beside_who_was_not_reached(room: Client, user: User, policy: Policy) -> None:
    doctor = a_doctor(oksana(), insurer=policy.insurer)
    one = a_consultation(user, policy, State.UNANSWERED, doctor=doctor, called_at=NOW)
    for called_at, minutes in ((NOW, 3), (NOW - timedelta(hours=1), 9)):
        Attempt.objects.create(
            consultation=one, called_at=called_at, number=1, doctor=doctor, at=NOW + timedelta(minutes=minutes),
            result=AttemptResult.NO_ANSWER, means=Means.OWN_TELEPHONE,
        )  # fmt: skip
    text = page(room, REQUESTS)
    assert "12:03:00 no answer" in text
    assert "12:09:00" not in text


def test_a_long_list_goes_on_with_its_choice(room: Client, user: User, policy: Policy, monkeypatch: Any) -> None:
    monkeypatch.setattr(listed, "PAGE", 2)
    made = [a_consultation(user, policy, close_one=str(number)) for number in range(3)]
    first = page(room, REQUESTS, ending="open", period="today")
    older = f"period=today&amp;ending=open&amp;before={made[1].pk}"
    assert older in first
    assert made[0].number not in first
    assert made[0].number in page(room, f"{REQUESTS}?{older.replace('&amp;', '&')}")
    assert made[2].number in page(room, REQUESTS, before="nonsense", ending="nonsense")


def test_claims_carry_their_clock(
    room: Client, coordinator: User, policy: Policy, user: User, clock: time_machine.Traveller
) -> None:
    talk = a_talk(user, policy)
    sent(talk)
    file_claim(consultation=talk, text="Врач торопился", by=user, now=NOW)
    assert "to be answered" in page(room, CLAIMS)
    assert "Answer until 11 December 2026" in page(room, CLAIMS)
    clock.shift(timedelta(days=21))
    room = staff_browser(coordinator)
    room.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "overdue" in page(room, CLAIMS)
    assert "overdue" in page(room, CLAIMS, period="last_month")
    assert "None was received." in page(room, CLAIMS, period="today")


# ── Nothing of any talk ──────────────────────────────────────────────────────
SECRETS = {
    "complaint": "Жалоба-Ключ", "diagnoses": "Диагноз-Ключ", "allergies": "Аллергия-Ключ",
    "contraindications": "Запрет-Ключ", "close_one": "Мама-Ключ",
}  # fmt: skip


@pytest.fixture
def secrets(user: User, policy: Policy) -> Consultation:
    """A talk of which everything was written down that can be."""
    doctor = a_doctor(oksana(), insurer=policy.insurer)
    a_consultation(user, policy, State.WAITING, **SECRETS)
    a_booking(user, policy, doctor, NOW + timedelta(hours=1), **SECRETS)
    talk = a_talk(user, policy, doctor, **SECRETS)
    say(consultation=talk, side=Side.PATIENT, by=user, text="Слова-Ключ", key=talk.public_id, now=NOW)
    sent(talk, heard="Рассказ-Ключ", methods="Совет-Ключ", risks="Риск-Ключ")
    rate(consultation=talk, stars=2, words="Отзыв-Ключ", by=user, now=ENDED)
    file_claim(consultation=talk, text="Претензия-Ключ", by=user, now=ENDED)
    return Consultation.objects.get(pk=talk.pk)


def test_no_page_and_no_file_tells_what_was_said_or_written(room: Client, secrets: Consultation) -> None:
    shown = [page(room, address) for address in PAGES]
    shown += [file_of(room, what=what, kind="csv").decode() for what in ("figures", "list")]
    shown += [" ".join(texts_of(file_of(room, what=what, kind="xlsx"))) for what in ("figures", "list")]
    assert [text for text in shown if "Ключ" in text or WRITTEN["specialists"] in text] == []
    names = (secrets.patient.surname, secrets.attending.surname, secrets.patient.given_name)
    assert not any(name in file_of(room, what="list").decode() for name in names)


def test_a_page_that_did_tell_it_would_be_noticed(room: Client, secrets: Consultation) -> None:
    """The control: the claim's own page, where the coordinator has to read what was wrong (adr/0036), and nothing more."""
    text = page(room, f"{CLAIMS}{secrets.claim.public_id}/")
    assert "Претензия-Ключ" in text
    assert [word for word in (*SECRETS.values(), "Слова-Ключ", "Рассказ-Ключ", "Отзыв-Ключ") if word in text] == []


# ── Files ────────────────────────────────────────────────────────────────────
def texts_of(content: bytes) -> list[str]:
    cells = (cell for row in load_workbook(BytesIO(content)).active.iter_rows() for cell in row)
    assert all(cell.data_type != "f" for cell in cells)
    return [str(cell.value) for row in load_workbook(BytesIO(content)).active.iter_rows() for cell in row if cell.value]


def test_a_file_says_who_and_why_before_its_first_line(
    room: Client, coordinator: User, user: User, policy: Policy
) -> None:
    a_consultation(user, policy)
    file_of(room, what="figures", kind="xlsx")
    event = AuditEvent.objects.get(verb="exported the figures of telemedicine")
    assert (event.actor, event.scope, event.reason) == (coordinator, policy.insurer.slug, "Отчёт за ноябрь")
    assert event.detail == {"file": "xlsx", "first": "2026-11-21", "last": "2026-11-21"}
    file_of(room)
    assert AuditEvent.objects.filter(verb="exported the list of requests to doctors").count() == 1


def test_each_insurers_trail_knows_of_a_file_about_both(
    room: Client, coordinator: User, policy: Policy, elsewhere: Policy
) -> None:
    StaffMembership.objects.create(user=coordinator, insurer=elsewhere.insurer, role=StaffRole.COORDINATOR)
    file_of(room)
    scopes = AuditEvent.objects.filter(reason="Отчёт за ноябрь").values_list("scope", flat=True)
    assert set(scopes) == {policy.insurer.slug, "sogaz"}
    file_of(room, insurer="sogaz", reason="Только СОГАЗ")
    assert AuditEvent.objects.get(reason="Только СОГАЗ").scope == "sogaz"


@pytest.mark.parametrize("missing", ["reason", "what", "kind", "first", "last"])
def test_without_a_reason_or_a_choice_nothing_leaves_the_house(room: Client, missing: str) -> None:
    given = TODAY | {"what": "list", "kind": "csv", "reason": "Отчёт"}
    answer = room.post(EXPORT, given | {missing: ""})
    assert (answer.status_code, answer.streaming) == (200, False)
    assert "Отчёт" in answer.text or missing == "reason"
    assert not AuditEvent.objects.filter(verb__startswith="exported").exists()


def test_the_days_that_were_looked_at_stand_in_the_form(room: Client) -> None:
    text = page(room, EXPORT, period="last_month")
    assert 'value="01.10.2026"' in text
    assert 'value="31.10.2026"' in text


def test_instants_of_a_file_are_on_the_wall_of_the_insurer(room: Client, user: User, policy: Policy) -> None:
    one = a_consultation(
        user, policy, State.UNANSWERED, doctor=a_doctor(oksana(), insurer=policy.insurer), called_at=NOW
    )
    heading, row = rows_of(file_of(room))
    told = dict(zip(heading, row, strict=True))
    assert told["Number"] == f"№ {one.number}"
    assert (told["Asked"], told["First call"], told["Ended"]) == ("21.11.2026 12:00:00", "21.11.2026 12:00:00", "")
    assert (told["Outcome"], told["Promise to call"]) == ("still open", "called in time")
    assert told["Programme"] == policy.product_version.name


def test_a_programme_that_is_named_like_a_formula_stays_a_text(room: Client, user: User, policy: Policy) -> None:
    evil = "=HYPERLINK(1)"
    content = policy.product_version.content | {"names": {"ru": evil, "kk": evil, "en": evil}}
    Product.objects.get(pk=policy.product_version.product_id).versions.create(number=2, digest="evil", content=content)
    a_consultation(user, policy)
    for what in ("list", "figures"):
        assert any(f"'{evil}" in row for row in rows_of(file_of(room, what=what)))
        assert evil in texts_of(file_of(room, what=what, kind="xlsx"))
    assert ProductVersion.objects.filter(number=2).exists()


def test_a_workbook_that_nobody_would_wait_for_is_refused_and_csv_is_not(
    room: Client, user: User, policy: Policy, monkeypatch: Any
) -> None:
    monkeypatch.setattr(scopes, "XLSX_MOST", 1)
    a_consultation(user, policy)
    file_of(room, kind="xlsx")
    a_consultation(user, policy, close_one="Мама")
    answer = room.post(EXPORT, TODAY | {"what": "list", "kind": "xlsx", "reason": "Отчёт"})
    assert "Choose CSV, or fewer days" in answer.text
    assert len(rows_of(file_of(room))) == 3


def test_a_number_of_a_file_has_the_mark_of_the_readers_language(room: Client, user: User, policy: Policy) -> None:
    a_consultation(user, policy, State.UNANSWERED, doctor=a_doctor(oksana(), insurer=policy.insurer), called_at=NOW)
    room.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"
    assert "100,0" in rows_of(file_of(room, what="figures"))[1]


# ── The price ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("address", "most"), [(NOW_PAGE, 16), (BOARD, 10), (FIGURES, 14), (REQUESTS, 14)])
def test_a_page_costs_the_same_whoever_has_asked(
    room: Client, user: User, policy: Policy, address: str, most: int
) -> None:
    doctor = a_doctor(oksana(), insurer=policy.insurer)
    a_consultation(user, policy, State.UNANSWERED, doctor=doctor, called_at=NOW, close_one="a")
    page(room, address)  # which notes in the session when it was seen
    with statements() as few:
        page(room, address)
    asks_much(user, policy, doctor)
    with statements() as many:
        page(room, address)
    assert len(few) == len(many) <= most


def asks_much(user: User, policy: Policy, doctor: Doctor) -> None:
    for number in range(5):
        a_consultation(user, policy, close_one=str(number))
        a_consultation(user, policy, State.UNANSWERED, doctor=doctor, called_at=NOW, close_one=f"u{number}")
