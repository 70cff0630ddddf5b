"""A letter is lost: the operator reads that it came back, looks with the client's eyes, and the client reads of that."""

import pytest

from notices.models import Notice
from policies.rules import StaffRole
from tests.factories import a_policy
from tests.journeys.conftest import Come
from tests.journeys.judge import cut_tables
from tests.journeys.post import Post
from tests.journeys.staff import comes_to_work
from tests.journeys.test_an_operator_helps import AIGUL, does, finds
from tests.journeys.words import says

LOOK = "To find out why the caller cannot go on"


@pytest.mark.long
@pytest.mark.parametrize("language", ["ru"], indirect=True)
def test_a_lost_letter_is_found_and_the_client_reads_who_looked(come: Come, post: Post) -> None:
    # Given a caller whose letter came back
    policy = a_policy()
    aigul = come().finds(policy).is_at("Choose an e-mail and a password").chooses().is_at("We have sent you a letter")
    Notice.objects.update(state="parked", answer="refused")
    # When the operator opens her page, it says so
    marat = comes_to_work(come, StaffRole.OPERATOR, policy.insurer)
    finds(marat, policy.insured_id).reads("came back: the recipient’s server refused it")
    assert cut_tables(marat.page) == []
    # And he sees her page: a picture, in which nothing acts but the way back
    does(marat, "See the activation as the client does", because=LOOK)
    marat.is_at("We have sent you a letter").reads("The letter did not arrive")
    assert marat.page.locator("form, script, button:enabled, input:enabled").count() == 0
    assert marat.page.locator("a[href]:not([href^='#'])").count() == 1
    # Then another letter leads her in
    marat.follows("Back to the file")
    does(marat, "Send the letter again", because="The letter did not come")
    aigul.opens(post.link_to(AIGUL)).presses("Confirm the e-mail").is_at("Your policies")
    # And what he sees of her cabinet now she can read in it
    finds(marat, policy.insured_id)
    does(marat, "See the cabinet as the client does", because=LOOK)
    marat.is_at("Your policies").reads_text(policy.product_version.name)
    aigul.turns_to("Profile").follows_text(says("Who looked at your cabinet")).is_at("Who looked at your cabinet")
    aigul.reads_text("ваша главная страница, Айгуль С.").reads_text("страница активации, Айгуль С.")
