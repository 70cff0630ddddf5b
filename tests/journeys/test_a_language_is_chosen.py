"""The language is changed in the header of any page, stays, and costs nobody the page they are on."""

from django.utils import translation
from playwright.sync_api import expect

from tests.factories import TODAY, a_policy, a_policy_with_a_code, an_insurer
from tests.journeys.conftest import Come
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import PASSWORD


def test_a_chosen_language_stays_on_every_page_and_on_another_day(come: Come, language: str) -> None:
    # Given somebody whose browser asks for one language
    a_policy()
    aigul = come().opens("/activate/sphera/").reads("Where is the ID?")
    # When she chooses another
    aigul.switches_to("en")
    # Then the same page speaks it, and so does the next one
    with translation.override("en"):
        aigul.reads("Where is the ID?").gives_facts().presses("Continue").is_at("Choose an e-mail and a password")
        aigul.opens("/").is_at("Your insurance in one place")
    # And the way back is as short
    aigul.switches_to(language).is_at("Your insurance in one place")


def test_after_a_mistake_another_language_leads_to_the_same_page(come: Come) -> None:
    # Given somebody who has mistyped the address for a reminder
    aigul = come().finds(a_policy(signed_on=TODAY)).types("aigul", into="E-mail").presses("Remind me")
    aigul.reads("Check another number")
    # When another language is chosen
    aigul.switches_to("en")
    # Then it is that page which changes
    with translation.override("en"):
        aigul.reads("Check another number")


def holds(visitor: Visitor, text: str, into: str) -> None:
    expect(visitor.main.get_by_label(says(into), exact=True)).to_have_value(text)


def test_what_was_typed_goes_along_and_a_code_does_not(come: Come) -> None:
    # Given a form that is half filled in
    a_policy_with_a_code()
    aigul = come().opens("/activate/personal-doctor/").types("LV-0000117", into="Policy number")
    aigul.types("K7QM-2XPA", into="Activation code").types("Садыкова Айгуль", into="Full name of the insured person")
    # When another language is chosen
    aigul.switches_to("en")
    # Then the page speaks it and has the text, but not the code
    with translation.override("en"):
        holds(aigul, "LV-0000117", into="Policy number")
        holds(aigul, "Садыкова Айгуль", into="Full name of the insured person")
        holds(aigul, "", into="Activation code")
        # And it does not come up again where nobody typed it (nor stays in the browser, which `come` looks at)
        aigul.opens("/activate/personal-doctor/")
        holds(aigul, "", into="Policy number")


def test_neither_passwords_nor_the_passport_nor_the_pin_go_along(come: Come) -> None:
    # Given somebody who registers, and looks at the password while typing it
    an_insurer("sogaz")
    aigul = come().opens("/activate/sogaz-health/registration/").types("aigul@example.kz", into="E-mail")
    secrets = {
        "Password": PASSWORD, "Passport: the first four digits": "4510", "Passport: the other six digits": "123987",
        "PIN": "407182",
    }  # fmt: skip
    for box, text in secrets.items():
        aigul.types(text, into=box)
    aigul.main.get_by_role("button", name=says("Show"), exact=True).first.click()
    # When another language is chosen
    aigul.switches_to("en")
    # Then only what is no secret is there
    with translation.override("en"):
        holds(aigul, "aigul@example.kz", into="E-mail")
        for box in secrets:
            holds(aigul, "", into=box)


def test_without_script_the_boxes_are_empty_and_the_page_speaks_the_language(come: Come) -> None:
    a_policy()
    aigul = come(java_script_enabled=False).opens("/activate/sphera/")
    aigul.types("4410027531", into="ID of the insured person").switches_to("en")
    with translation.override("en"):
        holds(aigul.reads("Where is the ID?"), "", into="ID of the insured person")
