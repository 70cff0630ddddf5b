"""The third door: a mobile number, who is insured, two consents; then a login by SMS, and what was agreed to."""

import pytest

from tests.accounts.sms import OTHER, PHONE
from tests.factories import a_borrower
from tests.journeys.conftest import Come, in_three_languages
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import PASSWORD

DOOR = "/activate/life-with-telemedicine/"
NAME = "Садыкова Айгуль Сериковна"
pytestmark = in_three_languages


def proves(visitor: Visitor, post: Post, phone: str = PHONE) -> Visitor:
    visitor.opens(DOOR).types(phone, into="Mobile number").presses("Send the code").is_at("Type the code")
    return visitor.types(post.code_to(phone), into="Code from the SMS").presses("Continue")


def finds(visitor: Visitor, name: str = NAME) -> Visitor:
    visitor.types(name, into="Full name of the insured person")
    visitor.types("14", into="Day").types("03", into="Month").types("1961", into="Year")
    return visitor.presses("Continue")


def agrees(visitor: Visitor) -> Visitor:
    for box in visitor.main.get_by_label(says("I have read this and agree")).all():
        box.check()
    return visitor.presses("Open the cabinet")


def test_from_the_number_to_the_cabinet_and_a_password_behind_the_sms(come: Come, post: Post) -> None:
    # Given somebody insured through a bank, whose phone the insurer knows
    a_borrower(phone=PHONE)
    aigul = come()
    # When she proves the number and says who she is
    finds(proves(aigul, post)).is_at("We have found your policy").reads_text("0 ₸")
    # Then without the consents she stays, and with them the cabinet opens at once
    aigul.presses("Open the cabinet").is_at("We have found your policy")
    agrees(aigul).is_at("Your policies").reads_text("NL-0000041")
    # And the SMS leads, on any device, to a password that opens it with the number
    telephone = come().opens(post.link_in_sms_to(PHONE)).is_at("Choose a password")
    telephone.types(PASSWORD, into="Password").types(PASSWORD, into="The same password again")
    telephone.presses("Save the password").is_at("Sign in").signs_in(PHONE).is_at("Your policies")


@pytest.mark.long
def test_another_number_than_the_one_on_file_needs_a_code_sent_there(come: Come, post: Post) -> None:
    # Given a borrower who has a new number
    a_borrower(phone=OTHER)
    sergei = finds(proves(come(), post)).is_at("One more proof that it is you")
    # When the code comes to the old one
    sergei.presses("Send the code")
    sergei.types(post.code_to(OTHER), into="Code, contract number or card number").presses("Continue")
    # Then the cabinet opens by the new one
    agrees(sergei.is_at("We have found your policy")).is_at("Your policies")


def test_whoever_is_not_recognised_reads_the_price_and_whom_to_call(come: Come, post: Post) -> None:
    a_borrower(phone=PHONE)
    finds(proves(come(), post), "Некто Никто").reads("We could not go on with these details").reads_text(
        "www.darigeronline.kz"
    )


@pytest.mark.long
def test_a_consent_is_read_again_and_withdrawn(come: Come, post: Post) -> None:
    # Given a cabinet that was opened with two consents
    a_borrower(phone=PHONE)
    aigul = agrees(finds(proves(come(), post)))
    # When its owner looks at what was agreed to
    aigul.turns_to("Profile").follows("Consents").is_at("Consents").reads_text("Nomad Life")
    aigul.main.locator("ul.list a").first.click()
    # Then the page says what follows before anything happens
    aigul.follows("Withdraw the consent").is_at("Withdraw the consent?").reads("What follows")
    aigul.presses("Withdraw the consent").is_at("Consents").reads("Withdrawn")
