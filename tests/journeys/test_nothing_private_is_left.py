"""A whole day: a register, a call, an activation. Afterwards no address, no referrer and no log line tells of whom.

Every story is watched like this (conftest.py). The long one leads through all doors; the controls stand beside it.
"""

import json

import pytest
from playwright.sync_api import Page

from core import logs
from notices.tasks import deliver
from policies.rules import StaffRole
from policies.tasks import work_on_registers
from tests.factories import a_policy
from tests.journeys.conftest import Come
from tests.journeys.post import Post
from tests.journeys.private import private_in
from tests.journeys.staff import comes_to_work
from tests.journeys.test_an_operator_helps import AIGUL, SEARCH, does, finds
from tests.journeys.visitor import Visitor
from tests.journeys.watch import LogWatch, Watch
from tests.journeys.words import says
from tests.people import PASSWORD
from tests.policies.registers import OTHER, as_csv

IIN = "610314400010"


@pytest.mark.long
@pytest.mark.parametrize("language", ["ru"], indirect=True)
def test_a_day_at_the_portal_leaves_no_trace_of_a_person(come: Come, post: Post, log: LogWatch) -> None:
    policy = a_policy(iin=IIN, phone="+77012344567", email=AIGUL)
    # Gulnar uploads a register, with a row that is refused, and Celery works on it
    uploads(comes_to_work(come, StaffRole.REGISTRAR, policy.insurer), as_csv(OTHER, OTHER | {"ИИН": "1"}))
    # Marat finds Aigul by all that she may tell, reads her IIN, and gives her a code
    marat = comes_to_work(come, StaffRole.OPERATOR, policy.insurer)
    for told in (IIN, "+7 701 234 45 67", "Садыкова 14.03.1961"):
        marat.opens("/staff/activation/insuredperson/").types(told, into=SEARCH)
        marat.presses("Search").reads_text(policy.insured_id)
    finds(marat, policy.insured_id)
    does(marat, "Show the full IIN", because="To compare with what the caller names")
    # Aigul proves herself with the code that her contact gets, and has a cabinet
    aigul = come().finds(policy).is_at("One more proof that it is you").presses("Send the code")
    deliver.apply()
    aigul.types(post.code_to("+77012344567"), into="Code, contract number or card number").presses("Continue")
    aigul.is_at("Choose an e-mail and a password").chooses().is_at("We have sent you a letter")
    aigul.opens(post.link_to(AIGUL)).presses("Confirm the e-mail").is_at("Your policies").reads("In force")
    aigul.follows_text(policy.product_version.name).reads("The contract")
    # Then every step stands in the log, and nobody with it
    lines = [json.loads(line) for line in log.lines]
    requests = [line for line in lines if line["logger"] == "portal.access"]
    assert {line["route"] for line in requests} >= {
        "admin:policies_register_add", "admin:policies_register_report", "admin:activation_person_iin",
        "activation:start", "activation:proof", "activation:confirm", "policies:policy", "account_login",
    }  # fmt: skip
    assert all(line["request_id"] and line["ms"] > 0 for line in requests)
    # …nor in an address, which is watched wherever somebody comes


def uploads(gulnar: Visitor, data: bytes) -> None:
    gulnar.opens("/staff/policies/register/add/")
    file = {"name": "Садыкова.csv", "mimeType": "text/csv", "buffer": data}
    gulnar.page.get_by_label(says("File")).set_input_files(file)  # type: ignore[arg-type]
    gulnar.presses("Upload and check").reads("Refresh")
    work_on_registers.apply()
    gulnar.page.reload()
    with gulnar.page.expect_download():
        gulnar.follows("Download the refused rows with the reasons (CSV)")


# ── Controls ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "fact",
    [IIN, "4410 0275 31", "4410027531", "14.03.1961", "1961-03-14", AIGUL, "aigul%40example.kz", "044219",
     "%D0%90%D0%B9%D0%B3%D1%83%D0%BB%D1%8C", "+7 701 234 45 67", PASSWORD],
)  # fmt: skip
def test_the_watch_knows_a_private_fact_when_it_sees_one(fact: str) -> None:
    assert private_in(f"http://localhost/?q={fact}")
    assert not private_in("http://localhost:21600/policies/0f8fad5b-d9cb-469f-a165-708677289501/?p=2")
    assert not private_in('"request_id": "fac2c3c577701834"')


def test_a_private_fact_in_an_address_or_a_referrer_is_noticed(page: Page, base_url: str, log: LogWatch) -> None:
    watch = Watch(page.context, base_url)
    page.goto("/help/?q=Айгуль")
    assert any("private" in fault for fault in watch.report())
    page.locator("a.brand").click()
    page.wait_for_url("**/")
    assert any("private" in fault for fault in watch.report())


def test_without_the_walls_a_log_would_tell(page: Page, log: LogWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "redacted", lambda value: value)
    monkeypatch.setattr("portal.middleware.route_of", lambda request: request.get_full_path())
    page.goto("/help/?q=Айгуль")
    assert any("private" in fault for fault in log.report())
    log.lines.clear()
