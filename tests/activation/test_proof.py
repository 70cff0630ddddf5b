"""The second proof: by a code to the contact on file, by the contract or card number, by an operator's code."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import Traveller

from activation.models import Activation, ProofCode, Step
from activation.rules import CODE_TRIES, FAILURES_A_DAY, PROOFS_A_DAY
from activation.services.operate import issue_code
from core.models import Limit
from notices.models import Notice
from policies.models import Access, Policy
from policies.rules import AccessScope
from tests.activation.door import START, Visitor, facts, link_in_last_letter
from tests.activation.test_start import WRONG
from tests.factories import BORN, TODAY, a_policy
from tests.people import marat

pytestmark = pytest.mark.django_db
PROOF, RECOVERY = f"{START}proof/", f"{START}recovery/"
PHONE = "+77012344567"


def at_the_proof(**contact: str) -> Visitor:
    a_policy(**(contact or {"phone": PHONE}))  # type: ignore[arg-type]
    visitor = Visitor()
    assert visitor.says()["Location"] == PROOF
    return visitor


def code_sent_to(visitor: Visitor) -> str:
    visitor.sends(f"{PROOF}codes/")
    code: str = Notice.objects.filter(kind="proof_code").latest("pk").context["code"]
    return code


def answers(visitor: Visitor, answer: str) -> bool:
    """Whether the answer leads on to step 2."""
    response = visitor.sends(PROOF, {"answer": answer})
    return response.status_code == 302 and response["Location"] == f"{START}account/"


# ── A contact on file ────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("contact", "shown", "channel"),
    [({"phone": PHONE}, "+7 701 ••• 45 67", "sms"), ({"email": "aigul@example.kz"}, "a•••l@example.kz", "email")],
)
def test_a_code_goes_to_the_contact_on_file_which_is_shown_masked(
    contact: dict[str, str], shown: str, channel: str
) -> None:
    visitor = at_the_proof(**contact)
    assert shown in visitor.follows(PROOF).content.decode()
    code = code_sent_to(visitor)
    notice = Notice.objects.get()
    assert (notice.channel, notice.secret) == (channel, True)
    assert answers(visitor, code)


def test_with_a_contact_on_file_step_2_is_closed_until_proved() -> None:
    visitor = at_the_proof()
    assert visitor.chooses()["Location"] == PROOF
    assert not Activation.objects.exists()


def test_whoever_proved_more_gets_full_access_and_the_contact_learns_of_it() -> None:
    visitor = at_the_proof(email="on.file@example.kz", phone="")
    answers(visitor, code_sent_to(visitor))
    visitor.chooses()
    visitor.confirms(link_in_last_letter())
    assert Access.objects.get().scope == AccessScope.FULL


def test_a_contract_number_convinces_and_the_phone_on_file_is_told() -> None:
    visitor = at_the_proof()
    assert answers(visitor, " д 2026/117 ")
    visitor.chooses()
    visitor.confirms(link_in_last_letter())
    told = Notice.objects.get(kind="activated_notice_to_contact")
    assert (told.channel, told.to) == ("sms", PHONE)


def test_the_message_with_a_code_dies_with_the_code() -> None:
    code_sent_to(at_the_proof())
    assert Notice.objects.get().not_after == ProofCode.objects.get().expires_at


def test_a_code_works_once() -> None:
    visitor = at_the_proof()
    code = code_sent_to(visitor)
    assert answers(visitor, code)
    second = Visitor()
    second.says()
    assert not answers(second, code)


@pytest.mark.parametrize(("minutes", "works"), [(9, True), (11, False)])
def test_a_code_lives_ten_minutes(clock: Traveller, minutes: int, works: bool) -> None:
    visitor = at_the_proof()
    code = code_sent_to(visitor)
    clock.shift(timedelta(minutes=minutes))
    assert answers(visitor, code) is works


def test_three_wrong_tries_kill_a_code() -> None:
    visitor = at_the_proof()
    code = code_sent_to(visitor)
    for _ in range(CODE_TRIES):
        assert not answers(visitor, "000000" if code != "000000" else "111111")
    assert not answers(visitor, code)


def test_two_wrong_tries_do_not() -> None:
    visitor = at_the_proof()
    code = code_sent_to(visitor)
    for _ in range(CODE_TRIES - 1):
        answers(visitor, "000000" if code != "000000" else "111111")
    assert answers(visitor, code)


def test_five_guesses_a_day_and_then_even_the_right_number_is_not_compared() -> None:
    visitor = at_the_proof()
    for _ in range(PROOFS_A_DAY):
        assert not answers(visitor, "guess")
    assert not answers(visitor, "Д-2026/117")


def test_codes_go_once_a_minute_and_five_a_day(clock: Traveller) -> None:
    visitor = at_the_proof()
    for _ in range(2):
        visitor.sends(f"{PROOF}codes/")
    assert Notice.objects.count() == 1
    for _ in range(6):
        clock.shift(timedelta(minutes=1))
        visitor.sends(f"{PROOF}codes/")
    assert Notice.objects.count() == 5


def test_the_code_is_kept_as_a_hash_only() -> None:
    code = code_sent_to(at_the_proof())
    assert code not in str(ProofCode.objects.values())
    assert code not in str(Step.objects.values())


def test_another_persons_code_is_of_no_use() -> None:
    a_policy("5000000001", phone="+77470000001")
    other = Visitor()
    other.says("5000000001")
    foreign = code_sent_to(other)
    visitor = at_the_proof()
    assert not answers(visitor, foreign)


@pytest.mark.parametrize("path", [PROOF, f"{PROOF}codes/"])
def test_without_a_passage_there_is_only_the_start(path: str) -> None:
    a_policy(phone=PHONE)
    assert Visitor().sends(path, {"answer": "Д-2026/117"})["Location"] == START
    assert not Notice.objects.exists()


@pytest.mark.parametrize("path", [f"{PROOF}codes/", f"{RECOVERY}codes/"])
def test_sending_is_a_post(path: str) -> None:
    a_policy()
    assert Visitor().follows(path).status_code == 405


# ── A locked ID ──────────────────────────────────────────────────────────────
def locked(**contact: str) -> Policy:
    policy = a_policy(**contact)  # type: ignore[arg-type]
    for _ in range(FAILURES_A_DAY):
        Visitor().says(born=WRONG)
    assert Visitor().says().status_code == 200
    return policy


def recovers(answer: str, insured_id: str = "4410027531", born: object = BORN) -> bool:
    response = Visitor().sends(RECOVERY, facts(insured_id, born) | {"answer": answer})  # type: ignore[arg-type]
    return response.status_code == 302 and response["Location"] == f"{START}account/"


def test_the_contract_number_opens_a_locked_id_and_lifts_the_lock() -> None:
    locked()
    assert recovers("Д-2026/117")
    assert Visitor().says().status_code == 302


def test_the_card_number_convinces_as_well() -> None:
    a_policy(card_number="KZ 0042 7781")
    assert recovers("kz00427781")


def test_the_operators_code_opens_a_locked_id_once() -> None:
    code = issue_code(policy=locked(), by=marat(), reason="the caller named the contract", now=timezone.now())
    assert recovers(code)
    assert not recovers(code)


def test_a_locked_person_asks_for_a_code_to_the_phone_on_file() -> None:
    locked(phone=PHONE)
    Visitor().client.post(f"{RECOVERY}codes/", {"insured_id": "4410 0275 31"})
    assert recovers(Notice.objects.get(kind="proof_code").context["code"])


def test_asking_for_a_code_keeps_what_was_typed_and_needs_the_id_alone() -> None:
    a_policy(phone=PHONE)
    typed = facts("", BORN) | {"answer": "Д-2026"}
    refused = Visitor().sends(f"{RECOVERY}codes/", typed)
    assert list(refused.context["form"].errors) == ["insured_id"]
    assert not ProofCode.objects.exists()
    sent = Visitor().sends(f"{RECOVERY}codes/", typed | {"insured_id": "4410 0275 31", "birth_date_2": ""})
    assert sent.context["form"].errors == {}
    assert [sent.context["form"][name].value() for name in ("insured_id", "birth_date", "answer")] == [
        "4410 0275 31", ["14", "03", ""], "Д-2026",
    ]  # fmt: skip
    assert ProofCode.objects.count() == 1


def test_whoever_changes_the_language_after_asking_for_a_code_comes_back_to_the_form() -> None:
    a_policy()
    answer = Visitor().sends(f"{RECOVERY}codes/", {"insured_id": "4410027531"})
    assert f'name="next" value="{RECOVERY}"' in answer.content.decode()


def test_asking_for_a_code_says_nothing_about_the_id() -> None:
    a_policy(phone=PHONE)
    pages = set()
    for insured_id in ("4410027531", "9999999999"):
        visitor = Visitor()
        answer = visitor.client.post(f"{RECOVERY}codes/", {"insured_id": insured_id})
        assert insured_id.encode() in answer.content  # what was typed stays
        pages.add(re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode()))
    assert len(pages) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"answer": "Д-2026/118"}, {"answer": "Д-2026/117", "born": WRONG}, {"answer": "Д-2026/117", "insured_id": "999"}],
)
def test_all_three_must_be_right_and_the_answer_does_not_say_which_is_not(wrong: dict[str, object]) -> None:
    a_policy()
    assert not recovers(**wrong)  # type: ignore[arg-type]


def test_a_contract_number_cannot_be_used_to_guess_the_birth_date() -> None:
    a_policy()
    for day in range(1, 1 + PROOFS_A_DAY):
        assert not recovers("Д-2026/117", born=BORN.replace(day=day, year=1999))
    assert not recovers("Д-2026/117")


@pytest.mark.parametrize(("failures", "convinces"), [(499, True), (500, False)])
def test_after_many_failed_recoveries_at_one_insurer_only_codes_convince(failures: int, convinces: bool) -> None:
    """A colleague knows the firm's contract number and guesses birth dates, five an ID: the codes stay."""
    policy, now = a_policy(), timezone.now()
    Limit.objects.create(
        key="activation:nsk:numbers", spent=failures, ceiling=500, started_at=now, ends_at=now + timedelta(days=1)
    )
    assert recovers("Д-2026/117") is convinces
    assert recovers(issue_code(policy=policy, by=marat(), reason="the caller named the contract", now=now))


def test_a_recovery_that_fails_is_counted_and_one_that_succeeds_is_not() -> None:
    a_policy()
    assert not recovers("Д-2026/118")
    assert recovers("Д-2026/117")
    assert Limit.objects.get(key="activation:nsk:numbers").spent == 1


def test_a_slip_in_the_date_does_not_use_up_the_operators_code() -> None:
    code = issue_code(policy=a_policy(), by=marat(), reason="the caller named the contract", now=timezone.now())
    assert not recovers(code, born=WRONG)
    assert recovers(code)


def test_an_empty_contract_number_is_no_proof() -> None:
    a_policy(contract_number="")
    assert not recovers("-")
    assert not recovers(" ")


def test_before_the_opening_day_a_proof_leads_to_the_waiting_page() -> None:
    a_policy(signed_on=TODAY)
    response = Visitor().sends(RECOVERY, facts("4410027531", BORN) | {"answer": "Д-2026/117"})
    assert response["Location"] == f"{START}waiting/"
    assert Step.objects.latest("pk").kind == Step.Kind.PROVED
