"""The keeper of registers: upload, preview, decision, report; and the insured person who is found from then on."""

import csv
from io import StringIO
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import expect

from policies.rules import StaffRole
from policies.services.register_work import work_on_next
from tests.factories import an_insurer
from tests.journeys.conftest import Come
from tests.journeys.staff import comes_to_work
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.policies.registers import OTHER, ROW, a_row, as_csv


def test_a_register_is_read_decided_upon_and_opens_the_door(come: Come) -> None:
    # Given a register of two people and a row with a birth date that no calendar has
    wrong = a_row(**{"ID": "4410027533", "Дата рождения": "31.02.1961"})
    register = {"name": "ноябрь.csv", "mimeType": "text/csv", "buffer": as_csv(ROW, OTHER, wrong)}
    gulnar = comes_to_work(come, StaffRole.REGISTRAR, an_insurer())
    # When its keeper uploads it and a worker has read it
    gulnar.opens("/staff/policies/register/add/")
    gulnar.page.get_by_label(says("File")).set_input_files(register)  # type: ignore[arg-type]
    gulnar.presses("Upload and check").reads("This takes seconds, with a million rows minutes. The page renews itself.")
    a_worker_comes(gulnar)
    # Then the preview counts the rows and says what is wrong with the third
    counts(gulnar, "What would be done", new=2, refused=1)
    expect(gulnar.main.get_by_role("row").filter(has_text="4410027533")).to_contain_text("31.02.1961")
    # When she confirms it
    gulnar.main.locator("a.default").click()
    gulnar.reads("The refused rows stay out. Download them, mend them and upload them as a register of their own.")
    gulnar.main.locator("input.default").click()
    a_worker_comes(gulnar)
    # Then the report says what was done, and the row that stayed out can be downloaded
    counts(gulnar, "What was done", new=2, refused=1)
    assert "4410027533" in downloaded(gulnar)
    # And an insured person of the register is found
    aigul = come().opens("/activate/sphera/").gives_facts().presses("Continue")
    aigul.is_at("Choose an e-mail and a password")


def a_worker_comes(gulnar: Visitor) -> None:
    gulnar.reads("Refresh")
    work_on_next(now=timezone.now())
    gulnar.page.reload()


def counts(gulnar: Visitor, caption: str, *, new: int, refused: int) -> None:
    table = gulnar.main.get_by_role("table", name=says(caption))
    expect(table.get_by_role("row", name=says("New"))).to_contain_text(str(new))
    expect(table.get_by_role("row", name=says("Refused"))).to_contain_text(str(refused))


def downloaded(gulnar: Visitor) -> list[str]:
    """The cells of the one row that was refused."""
    with gulnar.page.expect_download() as download:
        gulnar.follows("Download the refused rows with the reasons (CSV)")
    _columns, row = csv.reader(StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig")), delimiter=";")
    return row
