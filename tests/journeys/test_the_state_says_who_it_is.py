"""National sign-in: to the provider's page, back, and the policy is there; later the connection in the profile."""

import pytest
from django.utils import translation

from dev.identity import IdentityProvider
from tests.factories import a_policy
from tests.journeys.conftest import Come
from tests.journeys.judge import overhang, violations
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.peers.identity import AIGUL, IIN
from tests.people import PASSWORD, dana

NAME = {"service": "Digital ID"}


def goes_to_the_provider(visitor: Visitor) -> Visitor:
    visitor.opens("/accounts/login/")
    visitor.main.get_by_role("button", name=says("Sign in with %(service)s", **NAME), exact=True).click()
    visitor.page.wait_for_url("**/authorize?**")
    return visitor


def is_confirmed_there(visitor: Visitor) -> Visitor:
    visitor.page.get_by_role("link", name=AIGUL["name"]).click()
    return visitor


def test_from_the_providers_page_into_a_cabinet_with_the_policy(come: Come, provider: IdentityProvider) -> None:
    # Given a policy in the register, and no account
    policy = a_policy(iin=IIN)
    aigul = goes_to_the_provider(come())
    # When the provider says who it is
    is_confirmed_there(aigul).is_at("Your policies")
    # Then the policy of her IIN is there
    aigul.reads("We found your policies by your IIN: they are in your cabinet.").reads_text(policy.insured_id)
    # And the profile says how she comes in, on a page without a fault
    aigul.turns_to("Profile").follows_text(says("Sign-in with %(service)s", **NAME))
    aigul.reads("End the connection")
    assert (violations(aigul.page), overhang(aigul.page)) == ("", 0)


def test_an_address_that_opens_a_cabinet_is_connected_by_its_owner(come: Come, provider: IdentityProvider) -> None:
    # Given Dana's cabinet, and a provider that knows her address
    dana(language=translation.get_language())
    provider.people["aigul"] = AIGUL | {"email": "dana@example.kz"}
    visitor = is_confirmed_there(goes_to_the_provider(come())).is_at("Sign in")
    visitor.reads("Your e-mail opens a cabinet already. Sign in there and connect %(service)s in the profile.", **NAME)
    # When she signs in and connects it
    visitor.signs_in("dana@example.kz").is_at("Your policies")
    visitor.opens("/accounts/national/")
    visitor.main.get_by_role("button", name=says("Connect %(service)s", **NAME)).click()
    visitor.types(PASSWORD, into="Password").presses("Confirm")
    visitor.page.wait_for_url("**/authorize?**")
    is_confirmed_there(visitor).reads("Connected. From now on you can sign in with it.")
    # Then it opens her cabinet from another browser
    is_confirmed_there(goes_to_the_provider(come())).is_at("Your policies")


@pytest.mark.parametrize("language", ["en"])
def test_it_is_told_in_english_as_well(come: Come, provider: IdentityProvider, language: str) -> None:
    policy = a_policy(iin=IIN)
    with translation.override(language):
        is_confirmed_there(goes_to_the_provider(come())).is_at("Your policies").reads_text(policy.insured_id)
