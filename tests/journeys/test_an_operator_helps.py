"""A call: the operator finds the caller, sees what happened, proves who calls, sends the letter again, undoes."""

import pytest
from playwright.sync_api import expect

from policies.rules import StaffRole
from tests.factories import a_policy
from tests.journeys.conftest import Come
from tests.journeys.post import Post
from tests.journeys.staff import comes_to_work
from tests.journeys.visitor import Visitor

AIGUL = "aigul@example.kz"


@pytest.mark.long
def test_an_operator_leads_a_caller_into_the_cabinet_and_out_again(come: Come, post: Post) -> None:
    # Given a caller at the second proof, whose phone on file is not hers any more
    policy = a_policy(phone="+77012344567")
    aigul = come().finds(policy).is_at("One more proof that it is you")
    # When the operator finds her by the ID, the file says where she is
    marat = comes_to_work(come, StaffRole.OPERATOR, policy.insurer)
    finds(marat, policy.insured_id).reads("a second proof is needed")
    # And a code that he reads out leads her on
    does(marat, "Issue a one-time code", because="The phone on file is not the caller’s any more")
    code = marat.main.locator(".shown").inner_text()
    aigul.types(code, into="Code, contract number or card number").presses("Continue")
    aigul.is_at("Choose an e-mail and a password").chooses().is_at("We have sent you a letter")
    # When her letter is lost, he sends another, and its link opens the cabinet
    lost = post.link_to(AIGUL)
    marat.follows("Back to the file").reads("e-mail and password given, letter sent")
    does(marat, "Send the letter again", because="The letter was lost")
    marat.reads("The letter is on its way. The link in the earlier one no longer works.")
    aigul.opens(lost).is_at("This link no longer works")
    aigul.opens(post.link_to(AIGUL)).presses("Confirm the e-mail").is_at("Your policies").reads("In force")
    # When the activation is undone, she is signed out and the policy is gone
    finds(marat, policy.insured_id)
    does(marat, "Undo the activation", because="Activated with a wrong e-mail")
    marat.reads("The activation is undone. The policy can be activated again.")
    aigul.opens("/").is_at("Your insurance in one place").signs_in().is_at("Your policies")
    aigul.reads("Activate your first policy")


SEARCH = "ID, number of the contract or card, IIN, phone, e-mail, or surname and birth date"


def finds(marat: Visitor, insured_id: str) -> Visitor:
    """And opens the page."""
    marat.opens("/staff/activation/insuredperson/").types(insured_id, into=SEARCH)
    marat.presses("Search").main.locator("#result_list th a").click()
    return marat.reads("What the client sees now")


def does(marat: Visitor, act: str, *, because: str) -> None:
    marat.follows(act).picks(because).presses(act)
    expect(marat.main.locator(".errornote")).to_have_count(0)
