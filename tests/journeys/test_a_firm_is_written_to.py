"""A firm's people get letters with personal links, one of them activates on a phone, and the firm's HR reads who has."""

import pytest
from playwright.sync_api import expect

from policies.rules import StaffRole
from tests.activation.mailings import a_firm, a_mailing, a_worker_comes
from tests.factories import BORN, an_insurer
from tests.journeys.conftest import Come, in_three_languages
from tests.journeys.post import Post
from tests.journeys.staff import comes_to_work
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import PASSWORD

AIGUL, HR = "aigul@alma.kz", "hr@alma.kz"
pytestmark = in_three_languages


def starts_the_mailing(gulnar: Visitor) -> None:
    gulnar.opens("/staff/activation/mailing/add/")
    gulnar.main.get_by_label(says("Firm")).select_option(label="ТОО «Алма»")
    gulnar.presses("Show whom it reaches").reads("Get a letter now")
    gulnar.main.locator("input.default").click()
    gulnar.reads("Wait for their turn")
    a_worker_comes()
    gulnar.reads("every letter is handed out")  # the page renews itself


@pytest.mark.long
def test_from_the_list_to_the_cabinet_and_to_the_report(come: Come, post: Post) -> None:
    # Given a firm with three people in the register
    a_firm()
    gulnar = comes_to_work(come, StaffRole.REGISTRAR, an_insurer())
    # When its keeper starts the mailing
    starts_the_mailing(gulnar)
    # Then Aigul's letter leads to one question, and on to her cabinet
    aigul = come().opens(post.link_to(AIGUL)).reads_text("Айгуль С.")
    aigul.types(f"{BORN:%d}", into="Day").types(f"{BORN:%m}", into="Month").types(f"{BORN:%Y}", into="Year")
    aigul.presses("Continue").is_at("Choose an e-mail and a password").chooses(AIGUL, PASSWORD)
    aigul.opens(post.link_to(AIGUL)).presses("Confirm the e-mail").is_at("Your policies")
    # And the keeper sees it, and shows the report to the firm's HR
    gulnar.page.reload()
    expect(gulnar.main.get_by_role("row", name=f"{says('Activated')} 1", exact=True)).to_be_visible()
    gulnar.follows("Who at the firm sees the report").types(HR, into="E-mail or mobile number").presses("Send the link")
    # Who come by the letter and a code
    hr = come().opens(post.link_to(HR)).presses("Send me the code").is_at("Type the code")
    hr.types(post.code_in_letter_to(HR), into="Code from our message").presses("Continue").is_at("Who is enrolled")
    hr.reads_text("33").reads_text("Садыкова Айгуль Сериковна")
    # And close it behind them
    hr.presses("Finish").is_at("You have finished")


def test_a_passed_on_link_shows_nobody_anything(come: Come, post: Post) -> None:
    # Given Aigul's letter in somebody else's hands
    a_firm()
    a_mailing()
    a_worker_comes()
    thief = come().opens(post.link_to(AIGUL))
    # When they guess the birth date
    thief.types("1", into="Day").types("1", into="Month").types("1990", into="Year").presses("Continue")
    # Then they learn nothing
    thief.reads("We could not go on with these details")
