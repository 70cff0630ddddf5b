"""Claims from the reviewers' side, each person at a browser of their own: a refusal and its objection; a disability for a term,
with missing documents and a clock that stands, up to its approval."""

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import get_language
from playwright.sync_api import expect

from accounts.models import User
from claims.models import Claim
from claims.rules.life import Actor, ItemEvent, State
from claims.rules.refusals import BASES, Ground
from claims.services.life import locked, move_part
from policies.rules import StaffRole
from tests.claims.desk import a_case, delivered, loan_of, reviewed
from tests.claims.factories import NOW
from tests.journeys.conftest import Come
from tests.journeys.post import Post
from tests.journeys.staff import opens_with_a_code
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import a_member, aigul

GROUND = Ground.EX_07


def a_claimant() -> User:
    user = aigul()
    user.language = get_language()
    user.save(update_fields=["language"])
    return user


def told(user: User) -> Claim:
    return a_case(user, language=user.language)


def at_work(come: Come, claim: Claim, role: StaffRole, email: str) -> Visitor:
    """In front of the queue."""
    return opens_with_a_code(come, a_member(role, claim.insurer, email), "/claims/desk/").is_at("Payout claims")


def takes(reviewer: Visitor, claim: Claim) -> Visitor:
    reviewer.follows_text(claim.number_shown).presses("Take the claim and open it")
    return reviewer.reads("What is to be done")


def approves(come: Come, claim: Claim) -> None:
    asel = at_work(come, claim, StaffRole.APPROVER, "asel@example.kz").follows_text(claim.number_shown)
    asel.picks("approves its decision").presses("Open").follows("The decision that waits for approval")
    asel.reads("This is what the claimant will read").presses("Approve").reads("Approved. The claimant is written to.")


def opens_own(come: Come, post: Post, claim: Claim) -> Visitor:
    """By the link of the newest letter."""
    link = post.link_to(claim.email)
    assert link.endswith(claim.get_absolute_url())
    return come().signs_in().is_at("Your policies").opens(link)


def test_a_refusal_and_its_objection(come: Come, post: Post) -> None:
    # Given a claim under review
    claim = reviewed(told(a_claimant()))
    bakyt = takes(at_work(come, claim, StaffRole.REVIEWER, "bakyt@example.kz"), claim)
    # When a reviewer proposes to refuse it, the ground asks its question, and the letter is read beforehand
    bakyt.follows("Propose a decision").follows_text(str(capfirst(GROUND.label)))
    bakyt.reads_text(str(BASES[GROUND].question)).main.locator("[name=confirmed]").check()
    bakyt.types("Заключение экспертизы № 12", into="What shows it")
    bakyt.main.get_by_label(says("The document that shows it")).select_option(str(claim.items.get(code="I4").public_id))
    bakyt.presses("Show the letter").reads("This is what the claimant will read").reads_text(
        "Заключение экспертизы № 12"
    )
    bakyt.presses("Propose it").reads("Proposed. Another person approves it.")
    expect(bakyt.main.get_by_role("button", name=says("Approve"), exact=True)).to_have_count(0)
    approves(come, claim)
    # Then she is told with the ground, its evidence and the four ways, and objects
    aigul_ = opens_own(come, post, claim).reads_text("Заключение экспертизы № 12")
    aigul_.follows("If you disagree").is_at("If you disagree").reads("Tell us that you applied to a court")
    aigul_.follows("Object to us").types("Я не пила", into="What do you disagree with, and why?").presses("Send")
    aigul_.reads("It is registered.").reads_text("Я не пила")
    # And somebody who took no part in the decision looks at it, and opens the review anew
    nurlan = at_work(come, claim, StaffRole.APPROVER, "nurlan@example.kz").follows_text(claim.number_shown)
    nurlan.picks("approves its decision").presses("Open").follows_text(capfirst(says("the insurer")))
    nurlan.reads_text("Я не пила").picks("decided for the claimant").types("Вы правы", into="Answer")
    nurlan.presses("Send the answer").reads("The answer is sent.")
    opens_own(come, post, claim).follows("If you disagree").reads_text("Вы правы")
    claim.refresh_from_db()
    assert claim.state == State.REVIEW


def test_a_disability_with_a_missing_document_and_a_question_to_the_police(come: Come, post: Post) -> None:
    # Given documents that came and wait for an answer
    claim = delivered(told(a_claimant()))
    loan_of(claim)
    bakyt = takes(at_work(come, claim, StaffRole.REVIEWER, "bakyt@example.kz"), claim)
    # When all but one are good, the claimant is told which one is not, and why
    answers_about(bakyt, claim, "I5", "Печать не видна")
    bakyt.presses("Answer about the documents").reads("The claimant is told what is missing.")
    opens_own(come, post, claim).reads_text("Печать не видна")
    # And when it came again, the review begins with the certificate's facts
    sent_again(claim)
    accepts(bakyt, claim, "I5")
    the_certificate_says(bakyt, claim)
    bakyt.opens(at(claim)).presses("Answer about the documents").reads(
        "All documents are there. The review has begun, and the claimant knows its last day."
    )
    # When the police are asked, the days stand still until they answer
    bakyt.follows("Ask an authority").types("Полиция Астаны", into="Which authority")
    bakyt.types("Кто был виноват?", into="What we ask").types("Обстоятельства не ясны", into="Why, for the claimant")
    bakyt.presses("Ask, and stop the clock").reads(
        "The days stand still from tomorrow. The claimant is told. The request is being printed."
    )
    opens_own(come, post, claim).reads_text("Обстоятельства не ясны").reads("The clock stands")
    bakyt.follows_text(says("Record the answer: %(who)s", who="Полиция Астаны"))
    bakyt.types("Виноват водитель", into="What was answered")
    bakyt.presses("Record the answer").reads("The answer is recorded.")
    # Then the amount follows from the facts, and another person approves it
    bakyt.follows("Propose a decision").reads_text("500\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}₸")
    bakyt.picks("to pay all of it").presses("Show the letter").presses("Propose it")
    approves(come, claim)
    opens_own(come, post, claim).reads_text("500\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}₸")


def at(claim: Claim, room: str = "") -> str:
    return f"/claims/desk/{claim.public_id}/{room}"


def answers_about(bakyt: Visitor, claim: Claim, blurred: str, why: str) -> None:
    for item in claim.items.exclude(code=blurred):
        accepts(bakyt, claim, item.code)
    of(bakyt, claim, blurred).main.get_by_text(says("Redo, because…"), exact=True).first.click()
    bakyt.main.locator("[name=reject-why]").fill(why)
    bakyt.presses("Redo, because…").reads("Noted. The claimant sees it at once.")


def of(bakyt: Visitor, claim: Claim, code: str) -> Visitor:
    return bakyt.opens(at(claim, f"documents/{claim.items.get(code=code).public_id}/"))


def accepts(bakyt: Visitor, claim: Claim, code: str) -> None:
    of(bakyt, claim, code).presses("Accept").reads("Noted. The claimant sees it at once.")


def the_certificate_says(bakyt: Visitor, claim: Claim) -> None:
    facts = {"certified_on": "11.11.2026", "given_on": "20.11.2026", "since": "11.11.2026", "until": "10.11.2027"}
    of(bakyt, claim, "I3")
    for name, day in facts.items():
        bakyt.main.locator(f"[name={name}]").fill(day)
    bakyt.main.locator("[name=group]").select_option("2")
    bakyt.presses("Enter").reads("The facts of the certificate are entered.")


def sent_again(claim: Claim) -> None:
    """By the claimant (tests/journeys of the cabinet)."""
    item = claim.items.get(code="I5")
    with transaction.atomic():
        item.claim = locked(claim)
        move_part(part=item, event=ItemEvent.UPLOAD, actor=Actor.CLAIMANT, by=claim.claimant, now=NOW)
