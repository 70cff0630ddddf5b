"""The reviewers' room, as it is read and filled in."""

import re
from datetime import timedelta
from html import escape

import pytest
from django.core.files.base import ContentFile

from claims.models import Claim, Decision, Note, Opening, Page, Verdict
from claims.queries.desk import queue as queued
from claims.rules.life import ItemState, State, Way
from claims.services.objections import file_objection
from core.models import Upload
from core.uploads.rules import State as Checked
from policies.models import StaffMembership
from policies.rules import StaffRole
from tests.claims.desk import (
    a_case,
    at,
    bank_letter,
    delivered,
    english,
    opens,
    page,
    proposed_payout,
    proposed_refusal,
    refused,
    reviewed,
)
from tests.claims.factories import NOW, a_claim, a_guests_claim, an_insured, asel, bakyt, nurlan, timur
from tests.factories import TODAY, a_borrower, another_insurer
from tests.forms import sends
from tests.people import a_member, aigul, dana, staff_browser
from tests.queries import statements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
QUEUE = "/claims/desk/"
HOSTILE = "<script>alert(1)</script>{{ 7|add:7 }}"


@pytest.fixture
def claim() -> Claim:
    return a_case()


def hand(claim: Claim, days: int | None = None, **facts: object) -> Claim:
    """…of the clock: due in so many days."""
    if days is not None:
        facts |= {"next_on": TODAY + timedelta(days=days), "next_kind": "decision"}
    Claim.objects.filter(pk=claim.pk).update(**facts)
    return Claim.objects.get(pk=claim.pk)


# ── The queue ────────────────────────────────────────────────────────────────
def test_the_queue_begins_with_what_is_overdue_and_ends_with_what_stands(claim: Claim) -> None:
    user, policy = claim.claimant, claim.policy
    assert user
    assert policy
    made = [hand(a_claim(user, policy), days) for days in (3, 0, 1, -2)]
    text = page(english(staff_browser(bakyt(claim.insurer))), QUEUE)
    order = [text.index(one.number_shown) for one in (made[3], made[1], made[2], made[0], claim)]
    assert order == sorted(order)
    for word in ("Overdue", "Today", "Tomorrow", "Later", "Not running", "2 days late"):
        assert word in text


def test_a_long_queue_goes_on_by_key(claim: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queued, "PAGE", 2)
    assert claim.claimant
    assert claim.policy
    made = [hand(a_claim(claim.claimant, claim.policy), 1) for _ in range(5)]
    browser, seen, address = english(staff_browser(bakyt(claim.insurer))), [], QUEUE
    for _ in range(4):
        text = page(browser, address)
        seen += [one.pk for one in [*made, claim] if one.number_shown in text]
        if not (following := re.search(r"href=\"[^\"]*after=([\d.-]+)", text)):
            break
        address = f"{QUEUE}?after={following[1]}"
    assert seen == [*(one.pk for one in made), claim.pk]


def test_shelves_and_states_choose(claim: Claim) -> None:
    reviewer, colleague = bakyt(claim.insurer), timur(claim.insurer)
    assert claim.claimant
    assert claim.policy
    mine = hand(a_claim(claim.claimant, claim.policy), 2, reviewer=reviewer, taken_at=NOW)
    theirs = hand(a_claim(claim.claimant, claim.policy), -1, reviewer=colleague, taken_at=NOW, state=State.REVIEW)
    browser = english(staff_browser(reviewer))

    def shown(**query: str) -> set[str]:
        text = page(browser, QUEUE, **query)
        return {one.number_shown for one in (claim, mine, theirs) if one.number_shown in text}

    assert shown(shelf="mine") == {mine.number_shown}
    assert shown(shelf="free") == {claim.number_shown}
    assert shown(shelf="overdue") == {theirs.number_shown}
    assert shown(state="review") == {theirs.number_shown}
    assert shown(shelf="offered") == set()
    assert len(shown(shelf="nonsense", state="nonsense", after="nonsense")) == 3
    away = {"user": colleague.pk, "insurer": claim.insurer_id, "since": "20.11.2026", "until": "30.11.2026"}
    assert sends(browser, "/claims/desk/absences/", away).status_code == 302
    assert shown(shelf="offered") == {theirs.number_shown}


def test_a_number_of_a_letter_leads_to_its_claim(claim: Claim) -> None:
    browser = english(staff_browser(bakyt(claim.insurer)))
    assert browser.post(QUEUE, {"number": claim.number_shown}).headers["Location"] == at(claim)
    misread = claim.number_shown[:-1] + ("0" if claim.number_shown[-1] != "0" else "1")
    answer = browser.post(QUEUE, {"number": misread}, follow=True)
    assert "There is no claim of this number" in answer.text


@pytest.mark.parametrize("count", [1, 6])
def test_a_page_of_the_queue_costs_the_same(claim: Claim, count: int) -> None:
    assert claim.claimant
    assert claim.policy
    for _ in range(count):
        a_claim(claim.claimant, claim.policy)
    browser = english(staff_browser(bakyt(claim.insurer)))
    page(browser, QUEUE)
    with statements() as made:
        page(browser, QUEUE)
    assert len(made) <= 11, made  # two of them for the rooms beside this one


# ── Who comes in ─────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (StaffRole.REVIEWER, 302), (StaffRole.APPROVER, 302), (StaffRole.AUDITOR, 302), (StaffRole.CASHIER, 403),
        (StaffRole.OPERATOR, 403), (StaffRole.COORDINATOR, 403), (StaffRole.REGISTRAR, 403),
    ],
)  # fmt: skip
def test_a_file_is_of_the_room_and_opens_for_a_reason(claim: Claim, role: StaffRole, status: int) -> None:
    browser = staff_browser(a_member(role, claim.insurer, "somebody@example.kz"))
    answer = browser.get(at(claim))
    assert answer.status_code == status
    if status == 302:
        assert answer.headers["Location"] == f"{at(claim, 'opening/')}?next={at(claim)}"


def test_of_another_insurer_nothing_is_there(claim: Claim) -> None:
    browser = staff_browser(bakyt(another_insurer()))
    assert {browser.get(at(claim, room)).status_code for room in ("", "payout/", "opening/")} == {404}


def test_why_a_file_was_opened_is_written_down_once_a_day(claim: Claim) -> None:
    browser = english(staff_browser(asel(claim.insurer)))
    assert "Why do you open this file?" in page(browser, at(claim, "opening/"))
    assert browser.post(at(claim, "opening/"), {"why": "other"}).status_code == 200
    asked = f"{at(claim, 'opening/')}?next={at(claim, 'payout/')}"
    assert browser.post(asked, {"why": "call", "words": ""}).headers["Location"] == at(claim, "payout/")
    assert page(browser, at(claim))
    assert (Opening.objects.get().reason, Opening.objects.get().role) == ("call", "approver")
    elsewhere = f"{at(claim, 'opening/')}?next=//evil.example/"
    assert browser.post(elsewhere, {"why": "call", "words": ""}).headers["Location"] == at(claim)


def test_whoever_takes_a_claim_is_not_asked_again(claim: Claim) -> None:
    browser = english(staff_browser(bakyt(claim.insurer)))
    assert sends(browser, at(claim, "take/")).headers["Location"] == at(claim)
    assert "With bakyt@example.kz" in page(browser, at(claim))
    assert Opening.objects.get().reason == "review"


def test_an_auditor_reads_and_changes_nothing(claim: Claim) -> None:
    user = a_member(StaffRole.AUDITOR, claim.insurer, "saule@example.kz")
    browser = opens(reviewed(claim), user)
    assert "Take the claim" not in page(browser, at(claim))
    for room in ("take/", "notes/", "authority/", "proposal/", "setting-aside/"):
        assert sends(browser, at(claim, room), {"text": "…"}).status_code == 403, room


# ── The file ─────────────────────────────────────────────────────────────────
def test_the_case_shows_documents_clock_and_history(claim: Claim) -> None:
    text = page(opens(delivered(claim), bakyt(claim.insurer)), at(claim))
    for words in (
        "Certificate that the disability is established",
        "The notice was registered",
        "Answer about the documents",
        "KZ86125KZT5004100100",
        "Who opened the file",
    ):
        assert words in text, words


def test_notes_are_for_colleagues(claim: Claim) -> None:
    browser = opens(claim, bakyt(claim.insurer))
    sends(browser, at(claim, "notes/"), {"text": HOSTILE})
    assert Note.objects.get().text == HOSTILE
    text = page(browser, at(claim))
    assert HOSTILE not in text
    assert escape(HOSTILE.partition("{")[0]) in text
    assert sends(browser, at(claim, "notes/"), {"text": " "}).status_code == 200


def test_earlier_claims_of_the_person_stand_beside(claim: Claim) -> None:
    assert claim.person
    claim.person.iin = "610314400020"
    claim.person.save()
    twin = a_guests_claim(claim.insurer, told_iin=claim.person.iin)
    stranger = a_guests_claim(claim.insurer, told_iin="900101300017", told_born_on=None)
    text = page(opens(claim, bakyt(claim.insurer)), at(claim))
    assert twin.number_shown in text
    assert stranger.number_shown not in text


def test_the_case_costs_the_same_however_much_hangs_on_it(claim: Claim) -> None:
    browser = opens(reviewed(claim), bakyt(claim.insurer))
    page(browser, at(claim))
    with statements() as few:
        page(browser, at(claim))
    for _ in range(4):
        sends(browser, at(claim, "notes/"), {"text": "…"})
    with statements() as many:
        page(browser, at(claim))
    assert len(few) == len(many) <= 40, many


# ── A guest's notice ─────────────────────────────────────────────────────────
def test_the_contract_is_found_by_what_was_told() -> None:
    policy = an_insured(aigul(), a_borrower(given_name="Серик", surname="Ахметов", patronymic=""))
    claim = a_guests_claim(policy.insurer)
    browser = opens(claim, bakyt(claim.insurer))
    text = page(browser, at(claim, "matching/"))
    assert policy.insured_id in text
    assert "the same name" in text
    sends(browser, at(claim, f"matching/{policy.public_id}/"))
    claim.refresh_from_db()
    assert claim.policy == policy


def test_somebody_else_is_looked_for_by_hand() -> None:
    policy = an_insured(aigul(), a_borrower(surname="Иной"))
    claim = a_guests_claim(policy.insurer)
    browser = opens(claim, bakyt(claim.insurer))
    assert "Nobody has the IIN" in page(browser, at(claim, "matching/"))
    assert policy.insured_id in browser.post(at(claim, "matching/"), {"said": policy.insured_id}).text
    assert "Nobody is found" in browser.post(at(claim, "matching/"), {"said": "Ив"}).text


def test_another_insurers_contract_is_not_there(claim: Claim) -> None:
    claim = a_guests_claim(another_insurer())
    policy = an_insured(dana(), a_borrower("NL-0000042", iin=None))
    browser = opens(claim, bakyt(claim.insurer))
    assert sends(browser, at(claim, f"matching/{policy.public_id}/")).status_code == 404


# ── Documents ────────────────────────────────────────────────────────────────
def test_a_document_is_accepted_or_to_be_redone(claim: Claim) -> None:
    browser = opens(delivered(claim), bakyt(claim.insurer))
    item = claim.items.get(code="I3")
    room = at(claim, f"documents/{item.public_id}/")
    assert "What the certificate says" in page(browser, room)
    assert sends(browser, f"{room}reject/", {"reject-why": ""}).status_code == 200
    sends(browser, f"{room}reject/", {"reject-why": "Размыто"})
    assert claim.items.get(code="I3").state == ItemState.REDO
    sends(browser, f"{room}accept/", {"accept-received_on": "21.11.2026"})
    assert claim.items.get(code="I3").state == ItemState.ACCEPTED
    assert sends(browser, f"{room}nonsense/", {}).status_code == 404


def test_the_facts_of_a_certificate_are_entered_once_and_corrected(claim: Claim) -> None:
    browser = opens(delivered(claim), bakyt(claim.insurer))
    room = at(claim, f"documents/{claim.items.get(code='I3').public_id}/certificate/")
    facts = {"certified_on": "11.11.2026", "given_on": "20.11.2026", "group": "2", "since": "11.11.2026"}
    assert "tick that the disability is indefinite" in sends(browser, room, facts).text
    sends(browser, room, facts | {"until": "10.11.2027"})
    sends(browser, room, facts | {"indefinite": "on"})
    assert claim.certificates.get().until is None
    other = at(claim, f"documents/{claim.items.get(code='I2').public_id}/certificate/")
    assert sends(browser, other, facts).status_code == 404


def test_the_answer_about_documents_is_one_button(claim: Claim) -> None:
    browser = opens(delivered(claim), bakyt(claim.insurer))
    answer = sends(browser, at(claim, "documents/answer/"), follow=True)
    assert "still being checked" in answer.text
    claim.items.update(state=ItemState.ACCEPTED, received_on=TODAY)
    answer = sends(browser, at(claim, "documents/answer/"), follow=True)
    assert "The review has begun" in answer.text


# ── The clock ────────────────────────────────────────────────────────────────
def test_an_authority_is_asked_and_answers(claim: Claim) -> None:
    browser = opens(reviewed(claim), bakyt(claim.insurer))
    asked = {"authority": "Полиция", "question": "Кто виноват?", "why": "Не ясно", "language": "ru"}
    assert sends(browser, at(claim, "authority/"), asked | {"why": ""}).status_code == 200
    sends(browser, at(claim, "authority/"), asked)
    text = page(browser, at(claim))
    assert "Record the answer: Полиция" in text
    stop = claim.reviews.get().suspensions.get()
    sends(browser, at(claim, f"answers/{stop.public_id}/"), {"answer": "Водитель"})
    claim.refresh_from_db()
    assert claim.state == State.REVIEW


def test_a_day_that_cannot_be_the_new_last_one_is_refused_in_words(claim: Claim) -> None:
    browser = opens(reviewed(claim), bakyt(claim.insurer))
    for day, words in (("01.12.2026", "later than the last day"), ("20.12.2026", "must be a working day")):
        assert words in sends(browser, at(claim, "extension/"), {"until": day, "why": "…"}).text
    assert "Extended" not in sends(browser, at(claim, "extension/"), {"until": "25.12.2026", "why": "…"}).text
    assert claim.reviews.get().extensions.count() == 1


# ── The amount ───────────────────────────────────────────────────────────────
def test_an_amount_explains_itself_and_supposes_without_saving(claim: Claim) -> None:
    browser = opens(reviewed(claim), bakyt(claim.insurer))
    text = page(browser, at(claim, "payout/"))
    assert "500 000 ₸" in text
    assert "Insurance rules, 7.4" in text
    supposed = page(browser, at(claim, "payout/"), sum_insured="120000")
    assert "120 000 ₸" in supposed
    assert "Nothing is saved" in supposed
    assert page(browser, at(claim, "payout/")) == text or "500 000 ₸" in page(browser, at(claim, "payout/"))


def test_what_is_missing_for_an_amount_is_named() -> None:
    claim = a_case(event="death")
    browser = opens(claim, bakyt(claim.insurer))
    assert "bank’s letter on the principal" in page(browser, at(claim, "payout/"))
    supposed = page(browser, at(claim, "payout/"), debt="300000", not_principal="50000")
    assert "250 000 ₸" in supposed
    bank_letter(claim, 200_000)
    assert "200 000 ₸" in page(browser, at(claim, "payout/"))


# ── The decision ─────────────────────────────────────────────────────────────
def test_a_payout_is_proposed_after_its_letter_was_shown(claim: Claim) -> None:
    browser = opens(reviewed(claim), bakyt(claim.insurer))
    shown = sends(browser, at(claim, "proposal/"), {"outcome": "approved", "words": ""})
    assert "This is what the claimant will read" in shown.text
    assert not Decision.objects.exists()
    sends(browser, at(claim, "proposal/"), {"outcome": "approved", "words": "", "read": "yes"})
    assert Decision.objects.get().amount == 500_000


def refusal_of(claim: Claim, **other: str) -> dict[str, str]:
    item = claim.items.get(code="I4")
    return {
        "confirmed": "on", "happened_on": "11.11.2026", "evidence": "Заключение № 12", "item": str(item.public_id), "words": "",
    } | other  # fmt: skip


def test_a_refusal_goes_by_ground_question_evidence_and_letter(claim: Claim) -> None:
    browser = opens(reviewed(claim), bakyt(claim.insurer))
    room = at(claim, "proposal/EX-07/")
    assert "not a medicine prescribed by a qualified doctor" in page(browser, room)
    for missing in ("confirmed", "evidence", "item", "happened_on"):
        given = refusal_of(claim) | {missing: ""}
        given = {name: value for name, value in given.items() if value or name != "confirmed"}
        assert "This is what the claimant will read" not in sends(browser, room, given | {"read": "yes"}).text, missing
    assert not Decision.objects.exists()
    assert "Заключение № 12" in sends(browser, room, refusal_of(claim)).text
    sends(browser, room, refusal_of(claim, read="yes"))
    assert Decision.objects.get().ground == "EX-07"
    assert page(browser, at(claim, "proposal/")).count("proposal/EX-15/") == 0  # of a death
    assert browser.get(at(claim, "proposal/EX-99/")).status_code == 404


def test_a_term_of_a_ground_that_is_over_is_said_at_its_day(claim: Claim) -> None:
    assert claim.policy
    claim.policy.cover_starts_on = TODAY - timedelta(days=3 * 365)
    claim.policy.save()
    browser = opens(reviewed(claim), bakyt(claim.insurer))
    answer = sends(browser, at(claim, "proposal/EX-13/"), refusal_of(claim, read="yes"))
    assert "after the term in which this ground holds" in answer.text


def test_an_approver_sees_the_derivation_and_the_letter_and_approves(claim: Claim) -> None:
    decision = proposed_payout(reviewed(claim), bakyt(claim.insurer))
    room = at(claim, f"decisions/{decision.public_id}/")
    browser = opens(claim, asel(claim.insurer))
    text = page(browser, room)
    for words in ("500 000 ₸", "Insurance rules, 7.4", "This is what the claimant will read", "Approve"):
        assert words in text, words
    sends(browser, f"{room}approval/")
    assert not Decision.objects.get().is_undecided
    answer = sends(browser, f"{room}approval/", follow=True)
    assert "Meanwhile something else happened" in answer.text


def test_a_decision_is_returned_with_a_reason_or_taken_back(claim: Claim) -> None:
    reviewer = bakyt(reviewed(claim).insurer)
    decision = proposed_refusal(claim, reviewer)
    room = at(claim, f"decisions/{decision.public_id}/")
    approver = opens(claim, asel(claim.insurer))
    assert sends(approver, f"{room}return/", {"reason": ""}).status_code == 200
    sends(approver, f"{room}return/", {"reason": "Нет заключения"})
    mine = opens(claim, reviewer)
    assert "Нет заключения" in page(mine, room)
    second = proposed_refusal(claim, reviewer)
    sends(mine, at(claim, f"decisions/{second.public_id}/taking-back/"), {"reason": "Опечатка"})
    assert not claim.decisions.undecided().exists()


def test_a_reviewer_does_not_approve(claim: Claim) -> None:
    decision = proposed_payout(reviewed(claim), bakyt(claim.insurer))
    browser = opens(claim, timur(claim.insurer))
    assert sends(browser, at(claim, f"decisions/{decision.public_id}/approval/")).status_code == 403
    StaffMembership.objects.create(user=decision.proposed_by, insurer=claim.insurer, role=StaffRole.APPROVER)
    both = opens(claim, decision.proposed_by)
    answer = sends(both, at(claim, f"decisions/{decision.public_id}/approval/"), follow=True)
    assert "Another person approves it" in answer.text


# ── Objections and letters ───────────────────────────────────────────────────
def test_an_objection_is_answered_by_somebody_new_to_it(claim: Claim) -> None:
    approver = asel(reviewed(claim).insurer)
    decision = refused(claim, approver=approver)
    objection = file_objection(decision=decision, way=Way.INSURER, text=HOSTILE, by=claim.claimant, now=NOW)
    room = at(claim, f"objections/{objection.public_id}/")
    assert "An approver answers who took no part" in page(opens(claim, approver), room)
    browser = opens(claim, nurlan(claim.insurer))
    text = page(browser, room)
    assert HOSTILE not in text
    sends(browser, room, {"event": "uphold", "answer": "Вы правы"})
    claim.refresh_from_db()
    assert claim.state == State.REVIEW


def test_papers_for_the_ombudsman_are_made_ready(claim: Claim) -> None:
    decision = refused(reviewed(claim))
    objection = file_objection(decision=decision, way=Way.OMBUDSMAN, text="", by=claim.claimant, now=NOW)
    browser = opens(claim, decision.proposed_by)
    room = at(claim, f"objections/{objection.public_id}/")
    assert "The papers are ready" in page(browser, room)
    sends(browser, f"{room}papers/")
    objection.refresh_from_db()
    assert objection.state == "ready"


def test_a_letter_stands_as_it_was_sent_with_its_tries(claim: Claim) -> None:
    refused(reviewed(claim))
    letter = claim.letters.get()
    browser = opens(claim, timur(claim.insurer))
    assert escape(letter.subject) in page(browser, at(claim, f"letters/{letter.public_id}/"))
    assert browser.get(at(claim, f"letters/{letter.public_id}/pdf/")).status_code == 404  # a worker has yet to make it


def test_a_file_is_shown_to_the_room_alone(claim: Claim, originals: object) -> None:
    item = claim.items.get(code="I3")
    upload = Upload(
        scope=item.files.scope, collection=item.files.key, owner=claim.claimant, name="a.pdf", size=1, sha256="a" * 64,
        state=Checked.CLEAN, kind="pdf", decided_at=NOW, kept_at=NOW,
    )  # fmt: skip
    upload.original.save("", ContentFile(b"x"), save=False)
    upload.derivative.save("", ContentFile(b"x"), save=False)
    upload.save()
    sent = Page.objects.create(item=item, upload=upload, language="ru", sent_on=TODAY)
    browser = opens(delivered(claim), bakyt(claim.insurer))
    assert browser.get(at(claim, f"files/{sent.pk}/")).status_code == 200
    room = at(claim, f"documents/{item.public_id}/")
    assert "a.pdf" in page(browser, room)
    verdict = at(claim, f"files/{sent.pk}/verdict/")
    assert sends(browser, verdict, {f"page{sent.pk}-verdict": "redo", f"page{sent.pk}-why": ""}).status_code == 200
    sends(browser, verdict, {f"page{sent.pk}-verdict": "redo", f"page{sent.pk}-why": "Край обрезан"})
    assert Page.objects.get().verdict == Verdict.REDO
    cashier = staff_browser(a_member(StaffRole.CASHIER, claim.insurer, "zhanar@example.kz"))
    assert cashier.get(at(claim, f"files/{sent.pk}/")).status_code == 403
