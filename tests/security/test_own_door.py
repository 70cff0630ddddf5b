"""A policy is found at its own programme's door alone: another one of the same insurer may ask less (adr/0019)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from activation.models import Step
from activation.rules import FAILURES_A_DAY
from activation.services import find, prove
from activation.services.operate import issue_code
from activation.views import passage
from core.models import Limit
from notices.models import Notice
from policies.models import Policy
from policies.queries import policy_with_insured
from tests.activation.door import Visitor, facts
from tests.factories import BORN, TODAY, a_policy, a_policy_with_a_code, a_programme_beside
from tests.people import marat
from tests.queries import statements
from tests.security.looks import looks

pytestmark = pytest.mark.django_db
BESIDE = "/activate/beside/"
NUMBER = "LV-0000117"


def behind_a_code(**of_person: str) -> Policy:
    """At an insurer that lets people into its other programme by an ID and a birth date."""
    policy, _code = a_policy_with_a_code(NUMBER, **of_person)
    policy.signed_on = TODAY - timedelta(days=60)
    policy.save()
    a_programme_beside(policy)
    return policy


def looking_among_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Step 1 without the guard."""
    wanted = find.WITH_ID.replace(find.OF_PROGRAMME, "")
    spending = find.SPEND_AND[find.WITH_ID].replace(find.OF_PROGRAMME, "")
    monkeypatch.setattr(find, "WITH_ID", wanted)
    monkeypatch.setattr(find, "SPEND_AND", {wanted: spending})


def of_any_programme(product_version__product: object, **where: object) -> Policy | None:
    return policy_with_insured(**where)


# ── Step 1 ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_other_door_answers_as_if_nobody_had_the_number(language: str) -> None:
    behind_a_code()
    known, unknown = (Visitor(language).says(number, BORN, "beside") for number in (NUMBER, "LV-9999999"))
    assert known.status_code == 200
    assert looks(known) == looks(unknown)


def test_among_all_of_the_insurers_policies_it_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: two facts would do where a code is asked for."""
    behind_a_code()
    looking_among_all(monkeypatch)
    assert Visitor().says(NUMBER, BORN, "beside")["Location"] == f"{BESIDE}account/"


def test_a_policy_of_an_earlier_version_is_found_at_its_programmes_door() -> None:
    policy = a_policy()
    earlier = policy.product_version
    earlier.product.versions.create(number=earlier.number + 1, digest="later", content=earlier.content)
    assert Visitor().says().status_code == 302


def test_tries_at_either_door_are_one_count() -> None:
    behind_a_code()
    for _ in range(FAILURES_A_DAY):
        Visitor().says(NUMBER, BORN, "beside")
    counted = Limit.objects.get(key__contains=":id:LV0000117", spent=FAILURES_A_DAY, key__endswith=":day")
    assert counted.key.startswith("activation:kazakhinstrakh:")
    assert set(Step.objects.values_list("policy", flat=True)) == {None}  # the file names the number that was asked for


def test_it_costs_what_an_unknown_number_costs() -> None:
    behind_a_code()
    costs = []
    for number in (NUMBER, "LV-9999999"):
        with statements() as made:
            Visitor().says(number, BORN, "beside")
        costs.append(len(made))
    assert costs[0] == costs[1] <= 3


# ── The way in beside ────────────────────────────────────────────────────────
def recovers(policy: Policy) -> int:
    """With an operator's living code for that very policy."""
    code = issue_code(policy=policy, by=marat(), reason="on the phone", now=timezone.now())
    return Visitor().sends(f"{BESIDE}recovery/", facts(NUMBER, BORN) | {"answer": code}).status_code


def test_an_operators_code_opens_the_policy_at_its_own_door_only() -> None:
    assert recovers(behind_a_code()) == 200


def test_among_all_of_the_insurers_policies_it_would_open_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    looking_among_all(monkeypatch)
    assert recovers(behind_a_code()) == 302


def codes_sent() -> int:
    behind_a_code(phone="+77012344567")
    Visitor().sends(f"{BESIDE}recovery/codes/", facts(NUMBER, BORN))
    return Notice.objects.filter(kind="proof_code").count()


def test_the_other_door_sends_no_code_to_the_contact_on_file() -> None:
    assert codes_sent() == 0


def test_among_all_of_the_insurers_policies_it_would_send_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr(prove, "policy_with_insured", of_any_programme)
    assert codes_sent() == 1


# ── Between the steps ────────────────────────────────────────────────────────
def carried_over() -> int:
    """What was found at its own door, shown at the door of a programme that asks for no consent."""
    a_programme_beside(a_policy())
    visitor = Visitor()
    visitor.says()
    return visitor.follows(f"{BESIDE}account/").status_code


def test_a_passage_is_good_at_its_own_programme_only() -> None:
    assert carried_over() == 302


def test_a_passage_of_any_policy_of_the_insurer_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr(passage, "policy_with_insured", of_any_programme)
    assert carried_over() == 200
