"""The whole way of one person, from the front page to the cabinet, and the ways on which it may end otherwise."""

import pytest
from playwright.sync_api import expect

from core.dates import until_date
from tests.factories import TODAY, a_policy, an_insurer
from tests.journeys.conftest import Come, in_three_languages
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import PASSWORD

AIGUL = "aigul@example.kz"
pytestmark = in_three_languages


def test_from_the_front_page_to_the_cabinet_and_back_in_with_the_password(come: Come, post: Post) -> None:
    # Given a policy that has been open for activation since long, and other insurers' programmes
    product = a_policy().product_version
    an_insurer("kazakhinstrakh")
    aigul = come()
    # When its owner gives the two facts that find it
    aigul.opens("/").follows("Activate a policy").is_at("Which programme is yours?")
    aigul.main.get_by_role("link", name=product.name).click()
    aigul.gives_facts().presses("Continue")
    # And chooses an e-mail and a password, whose rules are ticked off while it is typed
    aigul.is_at("Choose an e-mail and a password").types(AIGUL, into="E-mail")
    met = aigul.main.locator("[data-rules-of] .met")
    aigul.types("tul", into="Password")
    expect(met).to_have_count(2)
    aigul.types(PASSWORD, into="Password").types(PASSWORD, into="The same password again")
    expect(met).to_have_count(4)
    aigul.presses("Send the letter").is_at("We have sent you a letter").reads_text(AIGUL)
    # Then a letter comes in the language of the page
    subject = says("Confirm your e-mail address: the link works %(until)s", until=until_date(TODAY.replace(day=24)))
    assert post.letter_to(AIGUL)["Subject"].strip() == subject
    # And its link, opened where the activation began, and a button lead into the cabinet
    aigul.opens(post.link_to(AIGUL)).is_at("Confirm your e-mail").presses("Confirm the e-mail")
    sees_the_policy(aigul)
    # And from then on the e-mail and the password do
    aigul.turns_to("Profile").presses("Sign out").is_at("Sign in").signs_in()
    sees_the_policy(aigul)


def sees_the_policy(aigul: Visitor) -> None:
    """The figure counts today and the last day."""
    aigul.is_at("Your policies").reads("In force").reads_text("07.10.2026").reads_text("07.10.2027")
    expect(aigul.main.locator(".big b")).to_have_text("321")
    expect(aigul.main.locator("article .ruler svg")).to_be_visible()


@pytest.mark.long
def test_a_link_opened_elsewhere_confirms_the_address_and_opens_nothing(come: Come, post: Post) -> None:
    # Given an activation that was begun on a computer
    computer = come().finds(a_policy()).is_at("Choose an e-mail and a password").chooses()
    computer.is_at("We have sent you a letter")
    # When the computer goes on too early, it is told to open the letter
    computer.presses("I have confirmed, continue")
    computer.reads("The address is not confirmed yet. Open the letter and press the button behind its link")
    # And when the letter's link is opened on a telephone
    telephone = come().opens(post.link_to(AIGUL)).presses("Confirm the e-mail")
    # Then the telephone learns only that the address is confirmed
    telephone.is_at("The e-mail is confirmed").opens("/").is_at("Your insurance in one place")
    # And the computer may go in
    computer.presses("I have confirmed, continue").is_at("Your policies").reads("In force")


def test_a_link_opened_elsewhere_and_the_password_open_the_cabinet_there(come: Come, post: Post) -> None:
    # Given an activation whose letter was opened on a telephone
    come().finds(a_policy()).is_at("Choose an e-mail and a password").chooses().is_at("We have sent you a letter")
    telephone = come().opens(post.link_to(AIGUL)).presses("Confirm the e-mail").is_at("The e-mail is confirmed")
    # When the person signs in on it with the chosen password
    telephone.follows("Sign in").is_at("Sign in").signs_in()
    # Then the policy is in the cabinet, which says what the two facts alone do not open
    telephone.is_at("Your policies").reads("In force").reads("Confirm who you are: %(name)s", name="Айгуль С.")


def test_a_date_can_be_pasted_whole(come: Come) -> None:
    # Given a birth date in the clipboard, written with slashes
    aigul = come().opens(f"/activate/{a_policy().product_version.product.code}/")
    aigul.types("14/03/1961", into="ID of the insured person")
    aigul.page.keyboard.press("Control+A")
    aigul.page.keyboard.press("Control+X")
    # When it is pasted into the first box
    aigul.types("4410027531", into="ID of the insured person")
    aigul.page.get_by_label(says("Day"), exact=True).focus()
    aigul.page.keyboard.press("Control+V")
    # Then it is spread over the three, and the policy is found
    expect(aigul.page.get_by_label(says("Year"), exact=True)).to_have_value("1961")
    aigul.presses("Continue").is_at("Choose an e-mail and a password")
