"""The keeper's pages of a mailing, and the report that a firm's HR reads as a guest."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import GuestAccess
from activation.models import Mailing, PersonalLetter
from core.models import AuditEvent
from notices.models import Notice
from notices.rules import Answer, State
from policies.models import Insurer, Person, Policy
from tests.accounts.guests import an_access, comes_in, page_of
from tests.activation.mailings import MAILINGS, a_firm, a_mailing, gives_guest, handed_out, insured, the_firm
from tests.activation.test_mailings import activated
from tests.factories import an_insurer, another_insurer
from tests.forms import sends
from tests.people import auditor, registrar, staff_browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def insurer() -> Insurer:
    return an_insurer()


@pytest.fixture
def keeper(insurer: Insurer) -> Client:
    return staff_browser(registrar(insurer))


def choice() -> str:
    version = Policy.objects.all()[0].product_version_id
    return f"?product={version}&organisation={the_firm().pk}"


def starts(keeper: Client, **changes: Any) -> Any:
    return sends(keeper, f"{MAILINGS}add/{choice()}", {"pace": "600", "language": "ru"} | changes)


def test_choose_look_start(keeper: Client) -> None:
    a_firm()
    page = keeper.get(f"{MAILINGS}add/{choice()}")
    assert page.context["preview"].to_write == 3
    assert not Mailing.objects.exists()
    mailing_page = keeper.get(starts(keeper)["Location"])
    assert (mailing_page.status_code, mailing_page["Refresh"]) == (200, "5")
    assert mailing_page.context["progress"].waiting == 3
    event = AuditEvent.objects.get(verb="started a mailing")
    assert (event.scope, event.detail) == ("nsk", {"letters": 3})


def test_the_list_calls_the_programme_by_its_name(keeper: Client) -> None:
    a_firm()
    starts(keeper)
    assert "НСК: Сфера здоровья" in keeper.get(MAILINGS, HTTP_ACCEPT_LANGUAGE="ru").text


def test_a_second_start_is_told_why_not(keeper: Client) -> None:
    a_firm()
    starts(keeper)
    assert starts(keeper).status_code == 200
    assert Mailing.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"pace": "0"}, {"pace": "60001"}, {"pace": ""}, {"language": "xx"}])
def test_a_wrong_pace_or_language_starts_nothing(keeper: Client, wrong: dict[str, str]) -> None:
    a_firm()
    assert starts(keeper, **wrong).status_code == 200
    assert not Mailing.objects.exists()


def test_another_insurers_firm_cannot_be_chosen(keeper: Client) -> None:
    a_firm()
    elsewhere = another_insurer()
    theirs = elsewhere.organisations.create(name="ТОО «Чужая»")
    version = Policy.objects.all()[0].product_version_id
    page = keeper.get(f"{MAILINGS}add/?product={version}&organisation={theirs.pk}")
    assert "organisation" in page.context["firm"].errors
    chief_page = f"{MAILINGS}add/?product={version}&organisation={theirs.pk}"
    assert sends(keeper, chief_page, {"pace": "600", "language": "ru"}).status_code == 200
    assert not Mailing.objects.exists()


def test_pause_and_stop_are_pressed_and_repeated_without_harm(keeper: Client) -> None:
    a_firm()
    mailing = a_mailing()
    own = f"{MAILINGS}{mailing.public_id}/"
    for act, state in (
        ("pause", "paused"),
        ("pause", "paused"),
        ("resume", "running"),
        ("stop", "stopped"),
        ("resume", "stopped"),
    ):
        assert sends(keeper, f"{own}{act}/").status_code == 302
        mailing.refresh_from_db()
        assert mailing.state == state
    assert "Refresh" not in keeper.get(f"{own}change/").headers


def test_a_pasted_list_and_a_file_mark_letters_as_refused(keeper: Client) -> None:
    a_firm()
    mailing = a_mailing()
    handed_out(mailing)
    bounces = f"{MAILINGS}{mailing.public_id}/bounces/"
    sends(keeper, bounces, {"addresses": "aigul@alma.kz 550 no such mailbox\nникто"})
    file = SimpleUploadedFile("b.csv", "E-mail;Причина\nDINA@alma.kz;полон\n".encode("cp1251"))
    sends(keeper, bounces, {"addresses": "", "file": file})
    found = dict(PersonalLetter.objects.exclude(bounced_at=None).values_list("email", "bounce"))
    assert found.keys() == {"aigul@alma.kz", "dina@alma.kz"}
    page = keeper.get(f"{MAILINGS}{mailing.public_id}/change/").text
    assert "550 no such mailbox" in page


def test_a_list_without_an_address_changes_nothing(keeper: Client) -> None:
    a_firm()
    mailing = a_mailing()
    page = sends(keeper, f"{MAILINGS}{mailing.public_id}/bounces/", {"addresses": "никто\nнигде"})
    assert (page.status_code, PersonalLetter.objects.exclude(bounced_at=None).count()) == (200, 0)


def test_an_auditor_reads_and_acts_on_nothing(insurer: Insurer) -> None:
    a_firm()
    mailing, browser = a_mailing(), staff_browser(auditor(insurer))
    own = f"{MAILINGS}{mailing.public_id}/"
    assert [browser.get(f"{own}{page}/").status_code for page in ("change", "enrolment", "guests", "bounces")] == [
        200,
        200,
        200,
        403,
    ]
    assert [sends(browser, f"{own}{act}/").status_code for act in ("pause", "stop", "bounces", "guests")] == [403] * 4
    assert browser.get(f"{MAILINGS}add/").status_code == 403


# ── The report ───────────────────────────────────────────────────────────────
def a_report() -> Mailing:
    aigul, _erlan, dina = a_firm()
    mailing = a_mailing()
    letters = handed_out(mailing)
    Notice.objects.filter(to="dina@alma.kz").update(state=State.PARKED, answer=Answer.REFUSED)
    activated(aigul)
    assert len(letters) == 3
    assert dina
    return mailing


def test_hr_reads_names_and_dates_and_nothing_else() -> None:
    mailing, browser = a_report(), Client()
    Person.objects.update(phone="+77012344567")
    an_access(mailing)
    page = comes_in(browser)
    assert (page.context["report"].people, page.context["report"].activated, page.context["report"].rate) == (3, 1, 33)
    assert "Садыкова Айгуль Сериковна" in page.text
    assert "dina@alma.kz" in page.text
    assert not [
        fact for fact in ("4410", "1961", "Д-2026/117", "+7701", "aigul@alma.kz", "erlan@alma.kz") if fact in page.text
    ]
    for kind in ("csv", "xlsx"):
        file = b"".join(browser.get(page_of(mailing), {"as": kind}).streaming_content)
        text = file.decode("utf-8-sig") if kind == "csv" else str(cells(file))
        assert "Садыкова Дина Сериковна" in text
        assert not [fact for fact in ("4410", "1961", "+7701", "aigul@alma.kz") if fact in text]


def cells(file: bytes) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(file)).active.rows]


@pytest.mark.parametrize("name", ["=2+5+cmd|' /C calc'!A0", "+77", "-1+1", "@SUM(A1)", "\t=1"])
def test_a_name_is_no_formula_in_either_file(name: str) -> None:
    insured("Имя", "a@alma.kz", surname=name, patronymic="")
    mailing, browser = a_mailing(), Client()
    an_access(mailing)
    comes_in(browser)
    lines = b"".join(browser.get(page_of(mailing), {"as": "csv"}).streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1].lstrip('"')[0] in "'\u0418" or lines[1].lstrip('"').startswith("'")
    book = load_workbook(BytesIO(b"".join(browser.get(page_of(mailing), {"as": "xlsx"}).streaming_content)))
    assert {cell.data_type for row in book.active.rows for cell in row if cell.value} == {"s"}


def test_the_keeper_gives_ends_and_sees_who_has_it(keeper: Client) -> None:
    mailing = a_report()
    assert gives_guest(keeper, mailing).status_code == 302
    access, hr = GuestAccess.objects.get(), Client()
    assert comes_in(hr).status_code == 200
    guests = f"{MAILINGS}{mailing.public_id}/guests/"
    assert "h•••@alma.kz" in keeper.get(guests).text
    assert sends(keeper, f"{guests}{access.public_id}/end/").status_code == 302
    assert hr.get(page_of(mailing)).status_code == 404
    assert sends(keeper, f"{guests}{access.public_id}/end/").status_code == 302


@pytest.mark.parametrize("wrong", [{"contact": "nobody"}, {"contact": "22-58"}, {"days": "0"}, {"days": "91"}])
def test_a_wrong_contact_or_term_gives_nothing(keeper: Client, wrong: dict[str, str]) -> None:
    mailing = a_report()
    assert gives_guest(keeper, mailing, **wrong).status_code == 200
    assert not GuestAccess.objects.exists()


def test_an_access_of_another_mailing_cannot_be_ended_from_here(keeper: Client) -> None:
    mailing = a_report()
    other = an_access(mailing, subject=mailing.started_by.public_id)
    sends(keeper, f"{MAILINGS}{mailing.public_id}/guests/{other.public_id}/end/")
    other.refresh_from_db()
    assert other.ended_at is None


def test_the_staffs_download_stands_in_the_trail(keeper: Client) -> None:
    mailing = a_report()
    own = f"{MAILINGS}{mailing.public_id}/enrolment/"
    assert keeper.get(own).status_code == 200
    assert b"".join(keeper.get(own, {"as": "xlsx"}).streaming_content)[:2] == b"PK"
    assert AuditEvent.objects.get(verb="downloaded an enrolment report").detail == {"file": "xlsx"}


def test_the_report_costs_the_same_for_three_and_for_thirty(django_assert_num_queries: Any) -> None:
    from activation.queries.mailings import enrolment

    a_firm({f"Имя{number}": f"p{number}@alma.kz" for number in range(30)})
    mailing = a_mailing()
    with django_assert_num_queries(2):
        assert enrolment(mailing, today=timezone.localdate()).people == 30
