"""The keeper's way through the staff pages: upload, preview, decision, report. Not yours is not found."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.models import AuditEvent
from policies.models import Difference, Insurer, Person, Policy, ProductVersion, Register, StaffMembership
from policies.rules import AccessKind, AccessScope
from policies.services.access import grant_access
from policies.services.register_work import work_on_next
from tests.factories import an_insurer, another_insurer
from tests.forms import sends
from tests.people import aigul, auditor, dana, marat, registrar, staff_browser
from tests.policies.registers import NOW, OTHER, ROW, a_row, applied, as_csv, checked, outcomes, received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LIST = "/staff/policies/register/"


@pytest.fixture
def nsk() -> Insurer:
    return an_insurer()


@pytest.fixture
def keeper(nsk: Insurer) -> Client:
    return staff_browser(registrar(nsk))


def page(register: Register, name: str = "change") -> str:
    return reverse(f"admin:policies_register_{name}", args=[register.public_id])


def upload(browser: Client, data: bytes, insurer: Insurer, name: str = "июнь.csv") -> Any:
    version = ProductVersion.objects.current().get(product__insurer=insurer)
    return sends(browser, LIST + "add/", {"product": version.pk, "file": SimpleUploadedFile(name, data)})


def test_from_upload_to_report(keeper: Client, nsk: Insurer) -> None:
    answer = upload(keeper, as_csv(ROW, OTHER, a_row(ID="", Имя="=1+1")), nsk)
    register = Register.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page(register))
    assert keeper.get(page(register))["Refresh"] == "3"

    work_on_next(now=NOW)
    answer = keeper.get(page(register))
    assert "Refresh" not in answer
    preview = answer.text
    assert page(register, "confirmation") in preview
    assert "=1+1" in preview  # the cell that is wrong, beside what is wrong with it
    assert not Policy.objects.exists()

    assert keeper.get(page(register, "confirmation")).status_code == 200
    assert not Policy.objects.exists()
    assert sends(keeper, page(register, "confirmation"))["Location"] == page(register)
    work_on_next(now=NOW)
    register.refresh_from_db()
    assert (register.state, outcomes(register)) == ("applied", {"new": 2, "refused": 1})
    report = keeper.get(page(register)).text
    assert page(register, "report") in report
    assert page(register, "confirmation") not in report


def test_the_report_opens_in_excel_says_what_is_wrong_and_goes_back_in_when_mended(
    keeper: Client, nsk: Insurer
) -> None:
    wrong = a_row(ID="7", Имя='=HYPERLINK("http://evil")', Телефон="+7 701 234 45 67", ИИН="")
    register = checked(
        as_csv(
            ROW, wrong, a_row(ID="8", ИИН=""), a_row(ID="8", ИИН=""), a_row(ID="-9", Имя="", Фамилия="", Отчество="")
        )
    )
    response = keeper.get(page(register, "report"))
    data = b"".join(response.streaming_content)
    assert data.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[1:]] == ["3", "4", "5", "6"]
    assert rows[1][4] == '\'=HYPERLINK("http://evil")'
    assert not any(cell[:1] in {"=", "+", "-", "@"} for row in rows for cell in row)
    rows[1][4] = "Сауле"
    mended = io.StringIO()
    csv.writer(mended, delimiter=";").writerows(rows)
    again = checked(mended.getvalue().encode())
    assert outcomes(again) == {"new": 1, "refused": 3}
    assert again.lines.get(outcome="new").phone == "+77012344567"
    assert AuditEvent.objects.filter(verb="downloaded refused rows", object_id=str(register.pk)).count() == 1


def test_a_register_may_be_discarded_and_nothing_came_of_it(keeper: Client) -> None:
    register = checked(as_csv(ROW))
    assert keeper.get(page(register, "withdrawal")).status_code == 200
    sends(keeper, page(register, "withdrawal"))
    register.refresh_from_db()
    assert register.state == "discarded"
    assert not Policy.objects.exists()


def test_confirming_twice_does_nothing_the_second_time_and_says_so(keeper: Client) -> None:
    register = checked(as_csv(ROW))
    sends(keeper, page(register, "confirmation"))
    steps = register.steps.count()
    answer = sends(keeper, page(register, "confirmation"), follow=True)
    assert register.steps.count() == steps
    assert 'class="error"' in answer.text
    assert keeper.get(page(register, "confirmation"))["Location"] == page(register)


def test_a_file_that_is_no_register_is_explained(keeper: Client, nsk: Insurer) -> None:
    upload(keeper, b"\x89PNG\x00\x00", nsk, "photo.png")
    work_on_next(now=NOW)
    with translation.override("ru"):
        words = Register.objects.get().unreadable_words
    assert words in keeper.get(page(Register.objects.get()), headers={"Accept-Language": "ru"}).text


def test_an_empty_upload_is_refused_at_once(keeper: Client, nsk: Insurer) -> None:
    assert upload(keeper, b"", nsk).status_code == 200
    assert not Register.objects.exists()


def test_the_file_is_kept_under_a_name_of_ours(keeper: Client, nsk: Insurer, originals: Any) -> None:
    upload(keeper, as_csv(ROW), nsk, "../../evil.csv")
    (stored,) = [path for path in originals.rglob("*") if path.is_file()]
    assert stored.parent == originals / "nsk"
    assert "evil" not in stored.name
    assert stored.read_bytes() == as_csv(ROW)


def test_the_same_file_again_is_pointed_out(keeper: Client) -> None:
    first, second = checked(as_csv(ROW)), checked(as_csv(ROW))
    assert page(first) in keeper.get(page(second)).text
    assert page(second) not in keeper.get(page(first)).text


@pytest.mark.parametrize("name", ["change", "confirmation", "withdrawal", "report"])
def test_another_insurers_register_is_not_found(nsk: Insurer, name: str) -> None:
    register = checked(as_csv(ROW))
    theirs = staff_browser(registrar(another_insurer(), "other@example.kz"))
    assert theirs.get(page(register, name)).status_code == 404
    assert sends(theirs, page(register, name)).status_code in {404, 405}
    assert str(register.public_id) not in theirs.get(LIST).text
    assert staff_browser(registrar(nsk)).get(page(register, name)).status_code == 200  # control


def test_an_unknown_register_is_not_found(keeper: Client) -> None:
    assert keeper.get(LIST + "00000000-0000-4000-8000-000000000000/change/").status_code == 404
    assert keeper.get(LIST + "1/change/").status_code == 404


def test_a_keeper_uploads_for_the_own_insurer_only(keeper: Client, nsk: Insurer) -> None:
    other = another_insurer()
    assert upload(keeper, as_csv(ROW), other).status_code == 200
    assert not Register.objects.exists()
    upload(keeper, as_csv(ROW), nsk)
    assert Register.objects.get().insurer == nsk


def test_an_auditor_reads_and_does_nothing(nsk: Insurer) -> None:
    register = checked(as_csv(ROW, a_row(ID="")))
    browser = staff_browser(auditor(nsk))
    seen = browser.get(page(register))
    assert seen.status_code == 200
    assert page(register, "confirmation") not in seen.text
    for name in ("confirmation", "withdrawal"):
        assert browser.get(page(register, name)).status_code == 403
        assert browser.post(page(register, name)).status_code == 403
    assert browser.get(LIST + "add/").status_code == 403
    register.refresh_from_db()
    assert register.state == "checked"


def test_the_call_centre_and_strangers_do_not_come_in(nsk: Insurer) -> None:
    register = checked(as_csv(ROW))
    assert staff_browser(marat()).get(page(register)).status_code in {403, 404}
    without_second_factor = Client()
    without_second_factor.force_login(registrar(nsk), backend="allauth.account.auth_backends.AuthenticationBackend")
    insured = Client()
    insured.force_login(dana(), backend="allauth.account.auth_backends.AuthenticationBackend")
    for browser in (without_second_factor, insured, Client()):
        assert browser.get(page(register)).status_code == 302
        assert sends(browser, page(register, "confirmation")).status_code == 302
    register.refresh_from_db()
    assert register.state == "checked"


def test_superusers_keep_every_register(nsk: Insurer) -> None:
    register = checked(as_csv(ROW))
    administrator = staff_browser(marat(is_superuser=True))
    assert administrator.get(page(register)).status_code == 200
    assert upload(administrator, as_csv(ROW), nsk).status_code == 302
    sends(administrator, page(register, "confirmation"))
    register.refresh_from_db()
    assert register.state == "applying"


@pytest.mark.parametrize(
    ("name", "method"), [("change", "post"), ("confirmation", "delete"), ("withdrawal", "put"), ("report", "post")]
)
def test_a_wrong_method_is_refused(keeper: Client, name: str, method: str) -> None:
    register = checked(as_csv(ROW))
    assert getattr(keeper, method)(page(register, name)).status_code == 405


def test_nobody_deletes_a_register(keeper: Client) -> None:
    register = checked(as_csv(ROW))
    assert keeper.post(page(register, "delete")).status_code == 403


def test_rows_are_leafed_through_by_their_lines(keeper: Client) -> None:
    register = checked(as_csv(*(a_row(ID=f"55{n:03}", ИИН="") for n in range(120))))
    first = keeper.get(page(register)).text
    assert "55049" in first
    assert "55050" not in first
    assert "?show=all&amp;after=51" in first
    last = keeper.get(page(register), {"show": "all", "after": "101"}).text
    assert "55119" in last
    assert "after=" not in last
    for nonsense in ("x", "-1", "9" * 30, "٣"):
        assert "55000" in keeper.get(page(register), {"show": "nothing", "after": nonsense}).text


def test_the_preview_shows_what_would_change(keeper: Client) -> None:
    applied(as_csv(ROW))
    register = checked(
        as_csv(ROW | {"Фамилия": "Оспанова", "ИИН": "900101300811", "Дата рождения": ROW["Дата рождения"]})
    )
    assert register.refused == 1  # control: two facts of three
    register = checked(as_csv(ROW | {"Фамилия": "<b>Оспанова</b>"}))
    shown = keeper.get(page(register), {"show": "changed"}).text
    assert "Садыкова → &lt;b&gt;Оспанова" in shown


@pytest.mark.parametrize("show", ["refused", "changed", "warned", "all"])
def test_a_page_takes_few_queries_whatever_its_rows(
    keeper: Client, django_assert_max_num_queries: Any, show: str
) -> None:
    register = checked(as_csv(*(a_row(ID=f"55{n:03}", ИИН="1") for n in range(60))))
    keeper.get(LIST)  # notes in the session when it was seen
    with django_assert_max_num_queries(9):
        keeper.get(page(register), {"show": show})
    with django_assert_max_num_queries(9):
        keeper.get(LIST)


# ── Differences in contacts ─────────────────────────────────────────────────
DIFFERENCES = "/staff/policies/difference/"


@pytest.fixture
def difference(nsk: Insurer) -> Difference:
    applied(as_csv(ROW | {"Телефон": "+77012344567"}))
    grant_access(
        user=aigul(), person=Person.objects.get(), kind=AccessKind.SELF, scope=AccessScope.FULL, proof="contract",
        by=None, now=NOW,
    )  # fmt: skip
    applied(as_csv(ROW | {"Телефон": "+77059998877"}))
    return Difference.objects.get()


def decide(browser: Client, difference: Difference, action: str, reason: str = "Позвонила, подтвердила") -> Any:
    return browser.post(
        DIFFERENCES, {"action": action, "_selected_action": [difference.pk], "reason": reason}, follow=True
    )


@pytest.mark.parametrize(
    ("action", "resolution", "phone"), [("take", "taken", "+77059998877"), ("keep", "kept", "+77012344567")]
)
def test_a_keeper_decides_with_a_reason(
    keeper: Client, difference: Difference, action: str, resolution: str, phone: str
) -> None:
    assert "+77059998877" in keeper.get(DIFFERENCES).text
    asked = keeper.post(DIFFERENCES, {"action": action, "_selected_action": [difference.pk]})
    assert 'name="reason"' in asked.text
    assert Difference.objects.get().resolution == ""
    decide(keeper, difference, action)
    difference.refresh_from_db()
    assert (difference.resolution, difference.reason) == (resolution, "Позвонила, подтвердила")
    assert Person.objects.get().phone == phone
    event = AuditEvent.objects.get(verb="resolved a difference in contacts")
    assert (event.reason, event.scope, event.actor) == ("Позвонила, подтвердила", "nsk", difference.resolved_by)
    assert "+77059998877" not in keeper.get(DIFFERENCES).text


def test_a_decision_is_made_once_and_holds_against_the_same_register(keeper: Client, difference: Difference) -> None:
    decide(keeper, difference, "keep")
    assert 'class="error"' in decide(keeper, difference, "take").text
    applied(as_csv(ROW | {"Телефон": "+77059998877"}))
    assert Difference.objects.get().resolution == "kept"
    applied(as_csv(ROW | {"Телефон": "+77071112233"}))
    assert Difference.objects.filter(resolution="").count() == 1  # control: another number is another question


def test_without_a_reason_nothing_is_decided(keeper: Client, difference: Difference) -> None:
    decide(keeper, difference, "take", reason=" ")
    assert Difference.objects.get().resolution == ""


def test_others_do_not_decide(nsk: Insurer, difference: Difference) -> None:
    elsewhere = staff_browser(registrar(another_insurer(), "other@example.kz"))
    for browser in (elsewhere, staff_browser(auditor(nsk)), staff_browser(marat())):
        decide(browser, difference, "take")
    assert Difference.objects.get().resolution == ""
    assert "+77059998877" not in elsewhere.get(DIFFERENCES).text


def test_a_keeper_here_and_auditor_there_decides_only_here(nsk: Insurer, difference: Difference) -> None:
    saule = registrar(another_insurer())
    StaffMembership.objects.create(user=saule, insurer=nsk, role="auditor")
    browser = staff_browser(saule)
    assert "+77059998877" in browser.get(DIFFERENCES).text
    decide(browser, difference, "take")
    assert Difference.objects.get().resolution == ""


def test_the_page_of_a_difference_is_read_only(keeper: Client, difference: Difference) -> None:
    url = reverse("admin:policies_difference_change", args=[difference.public_id])
    assert 'name="in_register"' not in keeper.get(url).text
    assert keeper.post(url, {"in_register": "x"}).status_code == 403


def test_a_register_received_but_not_yet_checked_cannot_be_decided(keeper: Client) -> None:
    register = received(as_csv(ROW))
    sends(keeper, page(register, "confirmation"))
    register.refresh_from_db()
    assert register.state == "received"
