"""Facts that do not match: one neutral answer, nothing typed is lost, and always another way."""

from datetime import date

from playwright.sync_api import expect

from activation.rules import FAILURES_A_DAY
from tests.factories import a_policy
from tests.journeys.conftest import Come
from tests.journeys.visitor import Visitor
from tests.journeys.words import says

WRONG = date(1961, 4, 13)


def test_a_wrong_date_is_answered_first_of_all_and_what_was_typed_stays(come: Come) -> None:
    # Given somebody who mixes up the day and the month
    policy = a_policy()
    # When she sends the form
    aigul = come().finds(policy, WRONG)
    # Then the page begins with the answer
    is_refused(aigul)
    # And after a correction of one box it goes on
    expect(aigul.page.get_by_label(says("ID of the insured person"))).to_have_value("4410 0275 31")
    aigul.types("14", into="Day").types("03", into="Month").presses("Continue")
    aigul.is_at("Choose an e-mail and a password")


def test_after_a_slip_that_was_corrected_the_way_back_leads_to_the_form(come: Come) -> None:
    # Given somebody whose first answer came back with an error
    policy = a_policy()
    aigul = come().finds(policy, WRONG)
    # When she has corrected it and goes back from the next page
    aigul.gives_facts().presses("Continue").is_at("Choose an e-mail and a password")
    aigul.page.go_back()
    # Then it is the form again, and not the browser's own question whether to send it once more
    aigul.gives_facts().presses("Continue").is_at("Choose an e-mail and a password")


def test_empty_boxes_are_named_in_the_summary_and_beside_each(come: Come) -> None:
    # Given the first page of an activation
    aigul = come().opens(f"/activate/{a_policy().product_version.product.code}/")
    # When it is sent empty
    aigul.presses("Continue")
    # Then the summary is in focus, and each of its lines leads to a box with the same words
    expect(aigul.main.locator(".errors")).to_be_focused()
    for words, box in [
        ("Enter the ID: it is in your contract or on your card", "ID of the insured person"),
        ("Enter the day, the month and the year", "Day"),
    ]:
        expect(aigul.main.locator(".msg", has_text=says(words))).to_be_visible()
        aigul.follows(words)
        expect(aigul.page.get_by_label(says(box), exact=True)).to_be_focused()


def test_a_locked_id_opens_with_the_number_of_the_contract(come: Come) -> None:
    # Given an ID at which somebody has guessed too often
    policy = a_policy(contract_number="Д-2026/117")
    aigul = come()
    for _ in range(FAILURES_A_DAY):
        is_refused(aigul.finds(policy, WRONG))
    # When its owner gives the right facts, she gets the same answer as the one who guessed
    is_refused(aigul.finds(policy))
    # And with the number of her contract as well she goes on
    aigul.main.locator("#refused a[href$='/recovery/']").click()
    aigul.is_at("Prove it another way").gives_facts()
    aigul.types("д 2026/117", into="Code, contract number or card number").presses("Continue")
    aigul.is_at("Choose an e-mail and a password")


def is_refused(aigul: Visitor) -> None:
    refused = aigul.main.locator("#refused")
    expect(refused.get_by_role("heading")).to_have_text(says("We could not go on with these details"))
    expect(refused).to_be_focused()
    assert aigul.page.title().startswith(says("Error:"))
