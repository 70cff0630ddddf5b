"""What a call-centre operator does for a caller (NSK-18): acts, their reasons, what follows from them."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.test import Client
from time_machine import Traveller

from accounts.models import User
from activation.models import Activation, ProofCode, Step
from activation.rules import PROOFS_A_DAY, State, WrongMoment
from activation.services import operate
from core.models import AuditEvent
from notices.models import Notice
from policies.models import Access, Policy
from tests.activation.desk import (
    BECAUSE,
    EVERY_ACT,
    Desk,
    a_begun_policy,
    a_locked_policy,
    an_active_policy,
    auditors_desk,
    page_of,
    said,
    text_of,
    trail_of,
)
from tests.activation.door import START, Visitor, facts, link_in_last_letter
from tests.factories import BORN, TODAY, a_person, a_policy
from tests.people import a_person as an_account
from tests.people import staff_browser

pytestmark = pytest.mark.django_db


def code_in(answer: HttpResponse) -> str:
    match = re.search(r'class="shown">(\d{4} \d{4})<', text_of(answer))
    assert match
    return match[1]


def proves(visitor: Visitor, answer: str, insured_id: str = "4410027531") -> HttpResponse:
    return visitor.sends(f"{START}recovery/", facts(insured_id, BORN) | {"answer": answer})


# ── What is offered ──────────────────────────────────────────────────────────
def test_only_what_makes_sense_now_is_offered() -> None:
    desk = Desk()
    assert desk.offered(a_policy("1000000001")) == ["code"]
    assert desk.offered(a_policy("1000000002", signed_on=TODAY)) == []
    assert desk.offered(a_locked_policy(insured_id="1000000003")) == ["lock", "code"]
    assert desk.offered(a_begun_policy(insured_id="1000000004")) == ["letter", "code", "contacts"]
    assert desk.offered(an_active_policy(insured_id="1000000005", iin="610314450122")[0]) == [
        "undo", "iin", "contacts", "sessions",
    ]  # fmt: skip


@pytest.mark.parametrize("act", ["letter", "lock", "undo"])
def test_an_act_that_makes_no_sense_now_says_so_and_does_nothing(act: str) -> None:
    policy, desk = a_policy(), Desk()
    for answer in (desk.asks(policy, act), desk.does(policy, act)):
        assert answer.status_code == 302
        assert "Nothing was done" in said(answer)
    assert trail_of(policy) == []


@pytest.mark.parametrize("act", ["letter", "code", "iin", "contacts"])
def test_an_act_without_a_reason_is_refused(act: str) -> None:
    policy, desk = a_begun_policy(iin="610314450122"), Desk()
    answer = desk.does(policy, act, because="  ")
    assert "Choose a reason or write one" in text_of(answer)
    assert trail_of(policy) == []
    assert not ProofCode.objects.filter(issued_by__isnull=False).exists()


def test_a_usual_reason_and_words_stand_together_in_the_trail() -> None:
    policy, desk = a_begun_policy(), Desk()
    desk.does(policy, "letter", because="called twice", usual="The letter did not come")
    assert trail_of(policy) == [("sent the activation letter again", "The letter did not come. called twice")]


def test_a_reason_that_is_not_on_the_list_is_refused() -> None:
    policy, desk = a_begun_policy(), Desk()
    assert desk.does(policy, "letter", usual="because").status_code == 200
    assert trail_of(policy) == []


def test_the_page_before_an_act_changes_nothing() -> None:
    policy, desk = a_begun_policy(), Desk()
    for act in ("letter", "code", "contacts"):
        assert desk.asks(policy, act).status_code == 200
    assert trail_of(policy) == []
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_acts_are_read_and_posted(method: str) -> None:
    policy, desk = a_begun_policy(), Desk()
    assert getattr(desk.browser, method)(page_of(policy, "letter")).status_code == 405


def test_an_act_needs_the_token_against_forged_requests() -> None:
    policy, desk = a_begun_policy(), Desk()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.browser.cookies
    assert strict.post(page_of(policy, "letter"), {"words": BECAUSE}).status_code == 403
    assert trail_of(policy) == []


# ── The letter ───────────────────────────────────────────────────────────────
def test_a_letter_sent_again_has_a_new_link_and_the_old_one_is_dead() -> None:
    policy, desk = a_begun_policy(), Desk()
    old = link_in_last_letter()
    answer = desk.does(policy, "letter")
    assert answer["Location"].endswith(f"{policy.insured.public_id}/change/")
    assert link_in_last_letter() != old
    assert b"no longer works" in Visitor().confirms(old).content
    assert Step.objects.latest("pk").reason == BECAUSE


def test_an_operator_may_send_a_letter_within_the_three_minutes() -> None:
    policy, desk = a_begun_policy(), Desk()
    desk.does(policy, "letter")
    desk.does(policy, "letter")
    assert Notice.objects.count() == 3


# ── The lock ─────────────────────────────────────────────────────────────────
def test_unlocking_lets_the_person_try_again() -> None:
    policy, desk = a_locked_policy(), Desk()
    assert b"We could not go on" in Visitor().says().content
    assert "Unlocked" in said(desk.does(policy, "lock"))
    assert Visitor().says()["Location"] == f"{START}account/"
    assert trail_of(policy) == [("unlocked activation", BECAUSE)]


def test_unlocking_opens_the_guesses_at_the_second_proof_as_well() -> None:
    policy, desk = a_locked_policy(), Desk()
    for _ in range(PROOFS_A_DAY):
        proves(Visitor(), "0000 0000")
    desk.does(policy, "lock")
    assert proves(Visitor(), policy.contract_number).status_code == 302


def test_the_second_of_two_operators_reads_what_the_first_did() -> None:
    policy, desk = a_locked_policy(), Desk()
    desk.does(policy, "lock")
    answer = desk.does(policy, "lock")
    assert "unlocked by an operator" in said(answer)
    assert "marat@example.kz" in said(answer)
    assert Step.objects.filter(kind=Step.Kind.UNLOCKED).count() == 1


# ── The one-time code ────────────────────────────────────────────────────────
def test_an_issued_code_opens_a_locked_id_once() -> None:
    policy, desk = a_locked_policy(), Desk()
    code = code_in(desk.does(policy, "code"))
    visitor = Visitor()
    assert proves(visitor, code)["Location"] == f"{START}account/"
    visitor.chooses()
    assert Activation.objects.get().proof == "operator_code"
    assert proves(Visitor(), code).status_code == 200


def test_an_issued_code_is_a_second_proof_on_its_page_too() -> None:
    policy, desk = a_policy(phone="+77012344567"), Desk()
    visitor = Visitor()
    assert visitor.says()["Location"] == f"{START}proof/"
    code = code_in(desk.does(policy, "code"))
    assert visitor.sends(f"{START}proof/", {"answer": code})["Location"] == f"{START}account/"


@pytest.mark.parametrize(("minutes", "status"), [(29, 302), (31, 200)])
def test_a_code_lives_30_minutes(clock: Traveller, minutes: int, status: int) -> None:
    code = code_in(Desk().does(a_policy(), "code"))
    clock.shift(timedelta(minutes=minutes))
    assert proves(Visitor(), code).status_code == status


def test_a_newer_code_replaces_the_earlier_one() -> None:
    policy, desk = a_policy(), Desk()
    first, second = code_in(desk.does(policy, "code")), code_in(desk.does(policy, "code"))
    assert proves(Visitor(), first).status_code == 200
    assert proves(Visitor(), second).status_code == 302


def test_a_code_is_shown_once_and_is_kept_nowhere() -> None:
    policy, desk = a_policy(), Desk()
    answer = desk.does(policy, "code")
    code = code_in(answer)
    assert "no-store" in answer["Cache-Control"]
    assert code not in text_of(desk.opens(policy))
    kept = [*AuditEvent.objects.values(), *Step.objects.values(), *ProofCode.objects.values()]
    assert code.replace(" ", "") not in str(kept)


def test_a_code_opens_the_guesses_that_were_spent() -> None:
    policy, desk = a_policy(phone="+77012344567"), Desk()
    for _ in range(PROOFS_A_DAY):
        proves(Visitor(), "0000 0000")
    assert "All guesses at the second proof are spent" in text_of(desk.opens(policy))
    assert proves(Visitor(), code_in(desk.does(policy, "code"))).status_code == 302


def test_the_service_refuses_a_code_for_an_active_policy() -> None:
    """Between the operator's look and the deed the client may have finished."""
    policy, _visitor = an_active_policy()
    user = an_account("operator@example.kz", is_staff=True)
    with pytest.raises(WrongMoment):
        operate.issue_code(policy=policy, by=user, reason=BECAUSE, now=policy.activations.get().started_at)
    assert not ProofCode.objects.exists()


# ── Undoing ──────────────────────────────────────────────────────────────────
def test_undoing_keeps_the_account_ends_its_sessions_and_detaches_the_policy() -> None:
    policy, visitor = an_active_policy()
    user = User.objects.get(email="aigul@example.kz")
    assert UserSession.objects.filter(user=user).exists()
    assert b"4410 0275 31" in visitor.client.get("/policies/" + str(policy.public_id) + "/").content
    Desk().does(policy, "undo")
    assert User.objects.filter(pk=user.pk, is_active=True).exists()
    assert not UserSession.objects.filter(user=user).exists()
    assert visitor.client.get("/policies/" + str(policy.public_id) + "/").status_code == 302
    assert not Access.objects.filter(user=user, until=None).exists()
    assert trail_of(policy)[-1] == ("undid an activation", BECAUSE)


def test_after_undoing_the_policy_can_be_activated_again() -> None:
    policy, _visitor = an_active_policy()
    Desk().does(policy, "undo")
    second = Visitor()
    second.says()
    proves(second, policy.contract_number)
    second.chooses(email="real.aigul@example.kz")
    second.confirms(link_in_last_letter())
    assert Activation.objects.finished().get().email == "real.aigul@example.kz"
    assert list(policy.activations.order_by("pk").values_list("state", flat=True)) == [State.UNDONE, State.FINISHED]


def test_an_address_changed_since_is_the_one_that_the_operator_names() -> None:
    policy, _visitor = an_active_policy()
    User.objects.filter(email="aigul@example.kz").update(email="gulaim@example.kz")
    EmailAddress.objects.filter(email="aigul@example.kz").update(email="gulaim@example.kz")
    page = Desk().opens(policy).content.decode()
    assert "The way in is signing in with g•••m@example.kz" in page
    assert "a•••l@example.kz, confirmed" not in page


def test_after_undoing_the_operator_reads_that_the_client_is_asked_for_a_second_proof() -> None:
    policy, _visitor = an_active_policy()
    desk = Desk()
    desk.does(policy, "undo")
    assert (
        "so with the right details (ID and birth date) a second proof is asked" in desk.opens(policy).content.decode()
    )


def test_everybody_on_file_learns_that_the_activation_is_undone() -> None:
    policy = a_policy(phone="+77012344567", email="Home@example.kz")
    visitor = Visitor()
    proves(visitor, code_in(Desk().does(policy, "code")))
    visitor.chooses()
    visitor.confirms(link_in_last_letter())
    Desk(staff_browser(User.objects.get(email="marat@example.kz"))).does(policy, "undo")
    told = Notice.objects.filter(kind="activation_undone").values_list("channel", "to")
    assert set(told) == {("email", "aigul@example.kz"), ("email", "Home@example.kz"), ("sms", "+77012344567")}


def test_nobody_is_told_twice() -> None:
    policy, _visitor = an_active_policy()
    policy.insured.email = "AIGUL@example.kz"
    policy.insured.save()
    Desk().does(policy, "undo")
    assert Notice.objects.filter(kind="activation_undone").count() == 1


def test_undoing_twice_is_done_once_and_the_second_operator_reads_of_the_first() -> None:
    policy, _visitor = an_active_policy()
    desk = Desk()
    desk.does(policy, "undo")
    answer = desk.does(policy, "undo")
    assert "undone by an operator" in said(answer)
    assert Notice.objects.filter(kind="activation_undone").count() == 1


def test_a_colleague_who_was_faster_by_a_moment_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page was judged before the colleague's deed; the service decides."""
    policy, _visitor = an_active_policy()
    desk = Desk()

    def too_late(**facts: object) -> None:
        raise WrongMoment

    monkeypatch.setattr(operate, "undo_activation", too_late)
    assert "Nothing was done" in said(desk.does(policy, "undo"))


def test_the_page_before_undoing_names_the_other_policy_that_the_account_loses() -> None:
    person = a_person()
    first = a_policy("1000000001", person=person)
    second = a_policy("1000000002", person=person)
    visitor = Visitor()
    visitor.begins("1000000001")
    visitor.confirms(link_in_last_letter())
    visitor.says("1000000002")
    visitor.client.post(f"{START}account/", {"kind": "self"})
    assert Activation.objects.finished().count() == 2
    desk = Desk()
    assert second.insured_id in text_of(desk.asks(first, "undo"))
    assert "other policy" not in text_of(desk.asks(an_active_alone(), "undo"))


def an_active_alone() -> Policy:
    policy = a_policy("1000000003")
    visitor = Visitor()
    visitor.begins("1000000003", email="dana@example.kz")
    visitor.confirms(link_in_last_letter())
    return policy


# ── What is masked ───────────────────────────────────────────────────────────
def test_the_full_iin_is_shown_for_a_reason_and_once() -> None:
    policy, desk = a_policy(iin="610314450122"), Desk()
    for page in (desk.opens(policy), desk.searches("610314450122"), desk.asks(policy, "iin")):
        assert "610314450122" not in text_of(page).replace('value="610314450122"', "")
    assert "610314450122" in text_of(desk.does(policy, "iin"))
    assert trail_of(policy)[-1] == ("saw the full IIN", BECAUSE)
    assert "610314450122" not in text_of(desk.opens(policy))


def test_contacts_are_shown_for_a_reason_and_once() -> None:
    policy, desk = a_begun_policy(), Desk()
    policy.insured.phone = "+77012344567"
    policy.insured.save()
    assert not {"aigul@example.kz", "+77012344567"} & set(re.findall(r"[\w@.+]+", text_of(desk.opens(policy))))
    shown = text_of(desk.does(policy, "contacts"))
    assert "aigul@example.kz" in shown
    assert "+77012344567" in shown
    assert trail_of(policy)[-1] == ("saw the contacts in full", BECAUSE)


# ── Who may ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("act", EVERY_ACT)
def test_an_auditor_reads_and_may_not_act(act: str) -> None:
    policy, _visitor = an_active_policy(iin="610314450122")
    desk = auditors_desk()
    assert desk.offered(policy) == []
    assert desk.asks(policy, act).status_code == 403
    assert desk.does(policy, act).status_code == 403
    assert trail_of(policy) == [("opened the file", "")]
