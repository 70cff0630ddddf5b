"""The fourth door (SGZ-13…16): register, confirm the e-mail, add a policy by its number; next time the PIN opens the phone."""

from datetime import date

import pytest
from django.utils.translation import get_language

from policies.rules import ContractKind
from tests.activation.mailings import a_mailing, a_worker_comes
from tests.factories import BORN, a_policy, a_product, an_insurer
from tests.journeys.conftest import Come, in_three_languages
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor
from tests.people import PASSWORD

DOOR, AIGUL, NUMBER, PIN = "/activate/sogaz-health/", "aigul@example.kz", "1825 DM 0417", "407182"
pytestmark = in_three_languages


def born(visitor: Visitor, day: date) -> Visitor:
    return visitor.types(f"{day:%d}", into="Day").types(f"{day:%m}", into="Month").types(f"{day:%Y}", into="Year")


def says_who_she_is(visitor: Visitor) -> Visitor:
    visitor.types("Садыкова", into="Surname").types("Айгуль", into="Given name").types("Сериковна", into="Patronymic")
    born(visitor, BORN)
    visitor.types("4510", into="Passport: the first four digits")
    return visitor.types("123987", into="Passport: the other six digits")


def registers(visitor: Visitor) -> Visitor:
    return fills_in(visitor.opens(DOOR).reads("Your passport").follows("Register"))


def fills_in(visitor: Visitor) -> Visitor:
    visitor.is_at("Register").types(AIGUL, into="E-mail")
    visitor.types(PASSWORD, into="Password").types(PASSWORD, into="The same password again")
    says_who_she_is(visitor).types(PIN, into="PIN").types(PIN, into="The same PIN again")
    return visitor.picks("I have read this and agree").presses("Register")


def test_from_the_passport_to_the_cabinet_and_back_by_the_pin(come: Come, post: Post) -> None:
    # Given a policy from the employer and nothing else
    a_policy(NUMBER, insurer=an_insurer("sogaz"))
    # When she registers, a slip in the PIN costs her only what is secret
    aigul = come().opens(f"{DOOR}registration/").types(AIGUL, into="E-mail").presses("Register")
    aigul.reads("Enter the patronymic, or tick that there is none")
    registers(aigul).is_at("Confirm your e-mail").reads_text(AIGUL)
    # Then the letter leads on in the same browser, and she calls the telephone hers
    aigul.opens(post.link_to(AIGUL)).presses("Yes, confirm")
    aigul.is_at("Is this device yours?").presses("Mine: open it with the PIN")
    # And with the number the data that she declared are there to be checked
    aigul.is_at("Add a policy by its number").reads_text("Садыкова Айгуль Сериковна").reads_text("••••••3987")
    aigul.types(NUMBER, into="Policy number").presses("Send")
    aigul.is_at("Add this policy to your cabinet").reads_text(NUMBER).presses("Activate the policy")
    aigul.is_at("Your policies").reads_text(NUMBER)
    # When she comes back another day, six digits open the cabinet
    aigul.turns_to("Profile").presses("Sign out")
    aigul.reads("With the PIN").types(PIN, into="PIN").presses("Open with the PIN")
    aigul.is_at("Your policies").reads_text(NUMBER)


@pytest.mark.long
def test_a_firms_letter_leads_by_the_registration_to_its_policy(come: Come, post: Post) -> None:
    # Given a letter to an employee
    insurer = an_insurer("sogaz")
    a_policy(NUMBER, insurer=insurer, kind=ContractKind.CORPORATE, email=AIGUL, signed_on=None)
    a_mailing(language=get_language())
    a_worker_comes()
    # When she follows its link, the registration comes first
    aigul = come().opens(post.link_to(AIGUL)).reads_text("Айгуль С.")
    fills_in(aigul.follows("Register"))
    aigul.opens(post.link_to(AIGUL)).presses("Yes, confirm").presses("Not mine, or others use it too")
    # Then she is back at her policy and types no number
    aigul.is_at("Activate “%(product)s”", product=a_product(insurer).name).presses("Continue")
    aigul.is_at("Add this policy to your cabinet").reads_text(NUMBER).presses("Activate the policy")
    aigul.is_at("Your policies").reads_text(NUMBER)


@pytest.mark.long
def test_a_child_and_a_number_that_does_not_match(come: Come, post: Post) -> None:
    # Given her child's policy
    a_policy(NUMBER, insurer=an_insurer("sogaz"), given_name="Әлихан", patronymic="", birth_date=date(2016, 9, 5))
    aigul = registers(come())
    aigul.opens(post.link_to(AIGUL)).presses("Yes, confirm").presses("Not mine, or others use it too")
    # When she sends the number with her own name
    aigul.types(NUMBER, into="Policy number").presses("Send")
    aigul.reads("We could not go on with these details")
    # Then it is found under the child's
    aigul.follows("It is my child’s policy").types(NUMBER, into="Policy number").types("Садыкова", into="Surname")
    aigul.types("Алихан", into="Given name").picks("There is no patronymic")
    born(aigul, date(2016, 9, 5)).presses("Send")
    aigul.is_at("Add this policy to your cabinet").presses("Activate the policy").is_at("Your policies")
