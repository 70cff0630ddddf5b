"""The language is changed in the header of any page, stays, and costs nobody the page they are on."""

from collections.abc import Callable

import pytest
from django.utils import translation

from tests.factories import TODAY, a_policy
from tests.journeys.conftest import Come
from tests.journeys.visitor import Visitor


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


def with_a_mistyped_reminder(aigul: Visitor) -> str:
    aigul.finds(a_policy(signed_on=TODAY)).types("aigul", into="E-mail").presses("Remind me").reads(
        "Check another number"
    )
    return "Check another number"


def with_a_mistyped_correction(aigul: Visitor) -> str:
    aigul.finds(a_policy()).is_at("Choose an e-mail and a password").chooses().is_at("We have sent you a letter")
    aigul.types("aigul", into="E-mail").presses("Correct and send again").reads("Is the address wrong?")
    return "Is the address wrong?"


def with_a_wrong_password(aigul: Visitor) -> str:
    aigul.finds(a_policy()).is_at("Choose an e-mail and a password").chooses(password="a")
    aigul.reads("At least 6 characters")
    return "At least 6 characters"


@pytest.mark.parametrize("stands", [with_a_mistyped_reminder, with_a_mistyped_correction, with_a_wrong_password])
def test_after_a_mistake_it_leads_to_the_same_page(come: Come, stands: Callable[[Visitor], str]) -> None:
    # Given somebody on a page that answers a mistake
    aigul = come()
    words = stands(aigul)
    # When another language is chosen
    aigul.switches_to("en")
    # Then it is that page which changes
    with translation.override("en"):
        aigul.reads(words)
