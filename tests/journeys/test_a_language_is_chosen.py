"""The language is changed in the header of any page, stays, and costs nobody the page they are on."""

from django.utils import translation

from tests.factories import TODAY, a_policy
from tests.journeys.conftest import Come


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
