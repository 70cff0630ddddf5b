"""The main story once more: in a browser without script, and by the keyboard alone."""

from playwright.sync_api import Keyboard, expect

from tests.factories import a_policy
from tests.journeys.conftest import Come
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import PASSWORD

AIGUL = "aigul@example.kz"


def test_without_script_a_policy_is_activated_all_the_same(come: Come, post: Post) -> None:
    # Given a browser that runs no script
    a_policy()
    aigul = come(java_script_enabled=False)
    # When a policy is activated in it, the birth date written into a single box
    aigul.opens("/").follows("Activate a policy").types("4410027531", into="ID of the insured person")
    aigul.types("14.03.1961", into="Day").presses("Continue").is_at("Choose an e-mail and a password")
    # And the two passwords differ at first
    aigul.types(AIGUL, into="E-mail").types(PASSWORD, into="Password").presses("Send the letter")
    aigul.reads("Type the same password once more")
    aigul.chooses().is_at("We have sent you a letter")
    aigul.opens(post.link_to(AIGUL)).presses("Confirm the e-mail")
    # Then the policy is in the cabinet
    aigul.is_at("Your policies").reads("In force")


def test_by_the_keyboard_alone_a_policy_is_activated(come: Come, post: Post) -> None:
    # Given somebody without a mouse
    a_policy()
    aigul = come().opens("/")
    # When she takes the first stop of the page, it leads past the header
    aigul.page.keyboard.press("Tab")
    expect(aigul.page.locator(".skip")).to_be_focused()
    aigul.page.keyboard.press("Enter")
    expect(aigul.main).to_be_focused()
    # And when everything is typed and sent by key
    tabs_to(aigul, "Activate a policy").press("Enter")
    aigul.reads("Where is the ID?")
    for box, text in {"ID of the insured person": "4410027531", "Day": "14", "Month": "03", "Year": "1961"}.items():
        tabs_to(aigul, box).type(text)
    aigul.page.keyboard.press("Enter")
    aigul.is_at("Choose an e-mail and a password")
    for box, text in {"E-mail": AIGUL, "Password": PASSWORD, "The same password again": PASSWORD}.items():
        tabs_to(aigul, box).type(text)
    aigul.page.keyboard.press("Enter")
    aigul.is_at("We have sent you a letter").opens(post.link_to(AIGUL)).is_at("Confirm your e-mail")
    tabs_to(aigul, "Confirm the e-mail").press("Enter")
    # Then the cabinet opens
    aigul.is_at("Your policies")


def tabs_to(aigul: Visitor, control: str) -> Keyboard:
    """As far as the link, button or box of that name."""
    named = "() => (document.activeElement.labels?.[0] ?? document.activeElement).innerText"
    keyboard = aigul.page.keyboard
    for _ in range(30):
        keyboard.press("Tab")
        if aigul.page.evaluate(named) == says(control):
            return keyboard
    raise AssertionError(f"no stop at “{says(control)}”")
