"""A contact on file is asked; somebody signed in adds another policy."""

from datetime import date
from typing import Any

from playwright.sync_api import expect

from tests.factories import a_person, a_policy
from tests.journeys.conftest import Come
from tests.journeys.post import Post
from tests.journeys.words import says
from tests.people import dana as danas_account

AIGUL = "aigul@example.kz"
PHONE = "+77012344567"
BOLAT: dict[str, Any] = {"surname": "Ахметов", "given_name": "Болат", "patronymic": "", "birth_date": date(2019, 6, 1)}


def test_a_code_to_the_phone_on_file_opens_everything(come: Come, post: Post) -> None:
    # Given an insurer who knows the phone
    aigul = come().finds(a_policy(phone=PHONE))
    # When the code that was sent there is entered
    aigul.is_at("One more proof that it is you").reads_text("+7 701 ••• 45 67").presses("Send the code")
    aigul.reads("The code is on its way. It is good for 10 minutes")
    aigul.types(post.code_to(PHONE), into="Code, contract number or card number").presses("Continue")
    # And the activation is finished
    aigul.is_at("Choose an e-mail and a password").chooses().is_at("We have sent you a letter")
    aigul.opens(post.link_to(AIGUL)).presses("Confirm the e-mail").is_at("Your policies")
    # Then nothing more is asked
    aigul.reads("Nothing now. We will write to you when something is needed.")


def test_a_parent_adds_the_policy_of_a_child(come: Come, language: str) -> None:
    # Given a mother with a cabinet, and a policy of her son's
    danas_account(language=language)
    sons = a_policy(person=a_person(**BOLAT))
    dana = come().signs_in("dana@example.kz").is_at("Your policies").reads("Activate your first policy")
    # When she adds it
    dana.follows("Add a policy").gives_facts(sons.insured_id, BOLAT["birth_date"]).presses("Continue")
    dana.is_at("Add this policy to your cabinet")
    expect(dana.page.get_by_label(says("My child’s: I am a parent or guardian"))).to_be_checked()
    dana.presses("Activate the policy")
    # Then it is in her cabinet, without a letter
    dana.is_at("Your policies").reads("The policy is activated and is in your cabinet")
    dana.reads_text("Ахметов Болат").reads("parent or guardian")


def test_an_impatient_double_click_sends_one_code_and_says_so(come: Come, post: Post) -> None:
    # Given a browser without the script that stops a second click
    aigul = come(java_script_enabled=False).finds(a_policy(phone=PHONE))
    aigul.is_at("One more proof that it is you")
    # When the button is pressed twice
    aigul.page.get_by_role("button", name=says("Send the code")).dblclick()
    # Then the answer is the first one's, and one code is on its way
    aigul.reads("The code is on its way. It is good for 10 minutes")
    aigul.does_not_read("We have sent a code already. Wait a minute before asking for another, or call us")
    aigul.types(post.code_to(PHONE), into="Code, contract number or card number").presses("Continue")
    aigul.is_at("Choose an e-mail and a password")
