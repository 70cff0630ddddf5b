"""Step 1: an ID and a birth date find a policy, or teach nothing (NSK-07, NSK-20…22)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from time_machine import Traveller

from activation.models import Activation, Step
from activation.queries import open_breakers
from activation.rules import BREAKER_FLOOR, FAILURES_A_DAY, State, Verdict, attempts_at, failures_at
from activation.services.operate import undo_activation
from core.models import Limit
from tests.activation.door import START, Visitor, facts, link_in_last_letter
from tests.factories import BORN, TODAY, a_policy, a_programme_elsewhere, an_insurer, another_insurer
from tests.people import dana, insured_browser, marat
from tests.queries import statements
from tests.security.looks import looks

pytestmark = pytest.mark.django_db
WRONG = date(1961, 4, 13)


def steps() -> list[str]:
    return list(Step.objects.order_by("pk").values_list("kind", flat=True))


def test_the_right_pair_leads_to_step_2() -> None:
    a_policy()
    assert Visitor().says()["Location"] == f"{START}account/"


@pytest.mark.parametrize("written", ["4410 0275 31", "4410-0275-31", " 4410027531 ", "4410\u00a00275\u201131"])
def test_the_id_may_be_written_as_it_is_printed(written: str) -> None:
    a_policy()
    assert Visitor().says(written).status_code == 302


@pytest.mark.parametrize("pasted", ["14.03.1961", "14/03/1961", "1961-03-14", " 14 03 1961 "])
def test_a_whole_date_pasted_into_one_box_is_understood(pasted: str) -> None:
    a_policy()
    answer = Visitor().client.post(START, {"insured_id": "4410027531", "birth_date_0": pasted})
    assert answer["Location"] == f"{START}account/"


def test_a_date_that_does_not_exist_is_named_and_nothing_typed_is_lost() -> None:
    a_policy()
    answer = Visitor().client.post(
        START, {"insured_id": "4410 0275 31", "birth_date_0": "31", "birth_date_1": "2", "birth_date_2": "1961"}
    )
    assert answer.context["form"].errors["birth_date"]
    for typed in (b'value="31"', b'value="2"', b'value="1961"', b'value="4410 0275 31"'):
        assert typed in answer.content
    assert steps() == []  # a slip costs no try


@pytest.mark.parametrize(("born", "is_refused"), [("22.11.2026", False), ("23.11.2026", True), ("14.03.2961", True)])
def test_a_birth_date_to_come_is_named_and_costs_no_try(born: str, is_refused: bool) -> None:
    a_policy()
    answer = Visitor().client.post(START, {"insured_id": "4410027531", "birth_date_0": born})
    assert ("birth_date" in answer.context["form"].errors) is is_refused
    assert (steps() == []) is is_refused


def test_before_the_opening_day_there_is_a_page_with_the_day(clock: Traveller) -> None:
    a_policy(signed_on=TODAY - timedelta(days=9))
    visitor = Visitor()
    answer = visitor.says()
    assert answer["Location"] == f"{START}waiting/"
    assert b"27 November 2026" in visitor.follows(f"{START}waiting/").content


@pytest.mark.parametrize(("seconds_before_midnight", "where"), [(1, "waiting"), (0, "account")])
def test_the_day_begins_at_midnight_of_the_insurer(clock: Traveller, seconds_before_midnight: int, where: str) -> None:
    a_policy(signed_on=TODAY - timedelta(days=14))
    clock.shift(timedelta(hours=12, seconds=-seconds_before_midnight))
    assert Visitor().says()["Location"] == f"{START}{where}/"


def test_five_failures_lock_the_id_and_then_nothing_is_compared(clock: Traveller) -> None:
    a_policy()
    for _ in range(FAILURES_A_DAY):
        Visitor().says(born=WRONG)
    assert Visitor().says().status_code == 200
    assert steps() == [Verdict.REFUSED] * FAILURES_A_DAY + [Verdict.LOCKED]
    clock.shift(timedelta(days=1))
    assert Visitor().says().status_code == 302


def test_knocking_at_a_locked_door_prolongs_nothing(clock: Traveller) -> None:
    a_policy()
    for _ in range(FAILURES_A_DAY * 5):
        Visitor().says(born=WRONG)
    clock.shift(timedelta(days=1))
    assert Visitor().says().status_code == 302


def test_a_closed_address_locks_nobodys_id() -> None:
    a_policy()
    for number in range(60):
        Visitor().says(f"77{number:08}")
    for _ in range(FAILURES_A_DAY + 1):
        Visitor().says(born=WRONG)
    assert Visitor(REMOTE_ADDR="10.1.2.3").says().status_code == 302


def test_after_an_undone_activation_the_two_facts_no_longer_convince() -> None:
    a_policy()
    visitor = Visitor()
    visitor.begins()
    visitor.confirms(link_in_last_letter())
    undo_activation(activation=Activation.objects.get(), by=marat(), reason="not him", now=timezone.now())
    assert Visitor().says()["Location"] == f"{START}proof/"


def test_undoing_one_policy_undoes_the_persons_other_one_in_that_account() -> None:
    first = a_policy("1000000001")
    a_policy("1000000002", person=first.insured)
    visitor = Visitor()
    visitor.begins("1000000001")
    visitor.confirms(link_in_last_letter())
    visitor.says("1000000002")
    visitor.client.post(f"{START}account/", {"kind": "self"})
    undo_activation(activation=Activation.objects.earliest("pk"), by=marat(), reason="not him", now=timezone.now())
    assert set(Activation.objects.values_list("state", flat=True)) == {State.UNDONE}


def test_undoing_a_parents_policy_leaves_the_child_whose_policy_they_hold() -> None:
    parent = a_policy("1000000001")
    child = a_policy("1000000002", given_name="Алия", birth_date=date(2015, 6, 1))
    child.parties.filter(role="policyholder").update(person=parent.insured)
    visitor = Visitor()
    visitor.begins("1000000001")
    visitor.confirms(link_in_last_letter())
    visitor.says("1000000002", date(2015, 6, 1))
    visitor.client.post(f"{START}account/", {"kind": "guardian"})
    undo_activation(activation=parent.activations.get(), by=marat(), reason="not him", now=timezone.now())
    assert child.activations.get().state == State.FINISHED


def test_four_failures_do_not_lock() -> None:
    a_policy()
    for _ in range(FAILURES_A_DAY - 1):
        Visitor().says(born=WRONG)
    assert Visitor().says().status_code == 302


def test_an_id_that_nobody_has_is_locked_as_well() -> None:
    an_insurer()
    for _ in range(FAILURES_A_DAY + 1):
        Visitor().says("5555555555")
    assert steps()[-1] == Verdict.LOCKED


def test_the_right_person_may_look_again_and_again() -> None:
    a_policy(signed_on=TODAY)
    for _ in range(FAILURES_A_DAY * 3):
        assert Visitor().says().status_code == 302


def test_twenty_failures_over_days_need_a_second_proof(clock: Traveller) -> None:
    a_policy()
    for _ in range(4):
        for _ in range(FAILURES_A_DAY):
            Visitor().says(born=WRONG)
        clock.shift(timedelta(days=1))
    assert Visitor().says().status_code == 200
    assert steps()[-1] == Verdict.LOCKED


def test_one_address_may_not_try_every_id() -> None:
    an_insurer()
    for number in range(60):
        Visitor().says(f"77{number:08}")
    a_policy()
    assert Visitor().says().status_code == 200
    assert Visitor(REMOTE_ADDR="10.1.2.3").says().status_code == 302


# ── The breaker ──────────────────────────────────────────────────────────────
def a_day_of_guessing() -> None:
    """One guess, counted as often as the first of these tests guesses."""
    Visitor(REMOTE_ADDR="10.0.0.1").says("7700000000")
    Limit.objects.filter(key__in=[failures_at("nsk"), attempts_at("nsk")]).update(spent=BREAKER_FLOOR)


def test_after_many_failures_at_one_insurer_right_and_wrong_facts_get_the_same_page(clock: Traveller) -> None:
    """Otherwise a guesser would learn now which pair to bring tomorrow."""
    a_policy()
    assert Visitor().says()["Location"] == f"{START}account/"
    for number in range(BREAKER_FLOOR):
        Visitor(REMOTE_ADDR=f"10.0.{number // 50}.{number % 50}").says(f"77{number:08}")
    right, wrong = Visitor().says(), Visitor().says(born=WRONG)
    assert right.status_code == wrong.status_code == 200
    assert looks(right) == looks(wrong)
    assert b"we ask everybody for one more proof" in right.content
    assert f'action="{START}recovery/"'.encode() in right.content
    assert steps()[-2:] == [Verdict.ASKED_MORE] * 2


def test_the_page_for_everybody_keeps_what_was_typed_and_leads_on() -> None:
    a_policy()
    a_day_of_guessing()
    visitor = Visitor()
    page = visitor.says().content.decode()
    for typed in ("4410027531", "14", "03", "1961"):
        assert f'value="{typed}"' in page
    answer = visitor.sends(f"{START}recovery/", facts("4410027531", BORN) | {"answer": "Д-2026/117"})
    assert answer["Location"] == f"{START}account/"


def test_the_breaker_closes_a_day_after_the_first_failure_and_not_an_hour_after(clock: Traveller) -> None:
    a_policy()
    a_day_of_guessing()
    for hours in (1, 22):
        clock.shift(timedelta(hours=hours))
        assert Visitor().says().status_code == 200
    clock.shift(timedelta(hours=1))
    assert Visitor().says().status_code == 302


def test_what_the_open_breaker_did_not_compare_locks_nobody(clock: Traveller) -> None:
    a_policy()
    a_day_of_guessing()
    for _ in range(FAILURES_A_DAY):
        Visitor().says(born=WRONG)
    clock.shift(timedelta(days=1))
    assert Visitor().says().status_code == 302


def test_whoever_watches_sees_the_breaker_open() -> None:
    a_policy()
    a_day_of_guessing()
    assert not open_breakers(now=timezone.now())["nsk"]
    Visitor().says()
    assert open_breakers(now=timezone.now())["nsk"]


def test_somebody_is_told_once_that_the_breaker_is_open(caplog: pytest.LogCaptureFixture) -> None:
    a_policy()
    a_day_of_guessing()
    for _ in range(3):
        Visitor().says()
    assert [record.name for record in caplog.records if record.levelname == "ERROR"] == ["activation.services.find"]


def test_repeating_a_right_pair_makes_no_room_for_guesses() -> None:
    """The share counts an ID once a day: 60 visits with a pair of one's own are not 60 attempts."""
    a_policy("1000000001")
    for _ in range(60):
        Visitor().says("1000000001")
    assert Limit.objects.get(key="activation:nsk:attempts").spent == 1


def test_knocking_at_a_locked_id_makes_no_room_for_guesses() -> None:
    a_policy()
    for _ in range(FAILURES_A_DAY * 3):
        Visitor().says(born=WRONG)
    assert Limit.objects.get(key="activation:nsk:attempts").spent == FAILURES_A_DAY


def test_whoever_mistypes_and_then_knows_is_no_guesser() -> None:
    a_policy()
    for _ in range(FAILURES_A_DAY - 1):
        Visitor().says(born=WRONG)
    assert Limit.objects.get(key="activation:nsk:failures").spent == FAILURES_A_DAY - 1
    assert Visitor().says().status_code == 302
    assert Limit.objects.get(key="activation:nsk:failures").spent == 0
    assert Limit.objects.get(key="activation:nsk:id:4410027531").spent == FAILURES_A_DAY - 1  # until a second proof


def test_whoever_locked_an_id_and_then_proves_was_no_guesser() -> None:
    a_policy()
    for _ in range(FAILURES_A_DAY + 1):
        Visitor().says(born=WRONG)
    Visitor().sends(f"{START}recovery/", facts("4410027531", BORN) | {"answer": "Д-2026/117"})
    assert Limit.objects.get(key="activation:nsk:failures").spent == 0


def test_one_persons_knowledge_forgives_no_failure_at_another_id() -> None:
    a_policy()
    Visitor().says(born=WRONG)
    for number in range(3):
        Visitor().says(f"77{number:08}")
    Visitor().says()
    assert Limit.objects.get(key="activation:nsk:failures").spent == 3


def test_different_people_who_find_their_policies_do_make_room() -> None:
    for number in range(3):
        a_policy(f"100000000{number}")
        Visitor().says(f"100000000{number}")
    assert Limit.objects.get(key="activation:nsk:attempts").spent == 3


def test_while_the_breaker_is_open_an_attempt_costs_five_statements() -> None:
    a_policy()
    a_day_of_guessing()
    visitor = Visitor()
    with statements() as made:
        visitor.says()
    assert len(made) == 5, made


def test_another_insurers_id_is_unknown_here() -> None:
    a_policy()
    other = another_insurer()
    assert Visitor().says(code=other.products.get().code).status_code == 200


def test_a_programme_without_a_door_here_is_not_found() -> None:
    a_programme_elsewhere()
    assert Visitor().client.get("/activate/elsewhere/").status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(method: str) -> None:
    a_policy()
    assert getattr(Visitor().client, method)(START).status_code == 405


def test_a_visit_makes_no_session_and_no_try() -> None:
    a_policy()
    visitor = Visitor()
    visitor.client.get(START)
    assert "session" not in visitor.client.cookies
    assert steps() == []


@pytest.mark.parametrize(("born", "cost"), [(WRONG, 3), (BORN, 4)])
def test_step_1_costs_three_statements_and_four_for_the_right_person(born: date, cost: int) -> None:
    a_policy()
    visitor = Visitor()
    with statements() as made:
        visitor.says(born=born)
    assert len(made) == cost, made


def test_a_member_who_is_refused_is_sent_to_the_policies_and_not_to_the_sign_in() -> None:
    a_policy()
    page = insured_browser(dana(language="en")).post(START, facts("4410027531", WRONG)).content.decode()
    assert 'Look among <a href="/">your policies</a>' in page
    assert 'href="/accounts/login/"' not in page


def test_the_programmes_of_everybody_on_a_neutral_host_and_of_one_on_its_own() -> None:
    an_insurer()
    a_programme_elsewhere()
    neutral = Visitor().client.get("/activate/")
    assert START.encode() in neutral.content
    assert "Спросите у страховщика" in neutral.text
    own = Visitor(HTTP_HOST="nsk.localhost").client.get("/activate/")
    assert own["Location"] == START


def test_somebody_signed_in_goes_the_same_way() -> None:
    a_policy()
    visitor = Visitor()
    visitor.client.force_login(dana())
    assert visitor.says()["Location"] == f"{START}account/"
