"""Who works for an insurer, and the trail that auditors read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core import audit
from core.models import AuditEvent
from policies.models import StaffMembership
from policies.queries.search import _as_told
from policies.rules import StaffRole
from tests.factories import a_policy, an_insurer, another_insurer
from tests.people import aigul, at_work, marat, saule, staff_browser

pytestmark = pytest.mark.django_db
STAFF = "/staff/policies/staffmembership/"
TRAIL = "/staff/core/auditevent/"


def chief() -> User:
    return User.objects.create(email="chief@example.kz", is_staff=True, is_superuser=True)


# ── Memberships ──────────────────────────────────────────────────────────────
def test_an_administrator_adds_an_operator_and_the_trail_says_so() -> None:
    nsk, user, browser = an_insurer(), marat(), staff_browser(chief())
    answer = browser.post(f"{STAFF}add/", {"user": user.pk, "insurer": nsk.pk, "role": "operator"})
    assert answer.status_code == 302
    assert staff_browser(user).get("/staff/activation/insuredperson/").status_code == 200
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.object_id, event.scope, event.detail) == (
        "added to staff", str(user.pk), "nsk", {"role": "operator"},
    )  # fmt: skip


def test_an_insured_persons_account_cannot_become_staff() -> None:
    nsk, user, browser = an_insurer(), aigul(), staff_browser(chief())
    answer = browser.post(f"{STAFF}add/", {"user": user.pk, "insurer": nsk.pk, "role": "operator"})
    assert answer.context["adminform"].form.errors["user"]
    assert not StaffMembership.objects.exists()


def test_who_is_removed_sees_nothing_at_once() -> None:
    user = marat()
    desk = at_work(user, an_insurer(), StaffRole.OPERATOR)
    membership = StaffMembership.objects.get()
    staff_browser(chief()).post(f"{STAFF}{membership.pk}/delete/", {"post": "yes"})
    assert desk.get("/staff/activation/insuredperson/").status_code == 403
    assert AuditEvent.objects.latest("pk").verb == "removed from staff"


def test_a_membership_is_never_edited() -> None:
    at_work(marat(), an_insurer(), StaffRole.OPERATOR)
    membership = StaffMembership.objects.get()
    answer = staff_browser(chief()).post(
        f"{STAFF}{membership.pk}/change/",
        {"user": membership.user_id, "insurer": membership.insurer_id, "role": "auditor"},
    )
    assert answer.status_code == 403
    assert StaffMembership.objects.get().role == "operator"


@pytest.mark.parametrize("role", StaffRole)
def test_staff_do_not_employ_staff(role: StaffRole) -> None:
    user = marat()
    browser = at_work(user, an_insurer(), role)
    facts = {"user": user.pk, "insurer": an_insurer().pk, "role": "auditor"}
    assert browser.get(STAFF).status_code == 403
    assert browser.post(f"{STAFF}add/", facts).status_code == 403
    assert browser.post(f"{STAFF}{StaffMembership.objects.get().pk}/delete/", {"post": "yes"}).status_code == 404
    assert StaffMembership.objects.get().role == role


# ── The trail ────────────────────────────────────────────────────────────────
def verbs(page: Any) -> list[str]:
    return [event.verb for event in page.context["cl"].result_list]


def test_an_auditor_reads_the_trail_of_the_own_insurer_only() -> None:
    auditor = saule()
    browser = at_work(auditor, an_insurer(), StaffRole.AUDITOR)
    audit.record("did it here", on=a_policy(), by=marat(), scope="nsk")
    audit.record("did it there", on=a_policy("1000000001", insurer=another_insurer()), by=None, scope="other")
    audit.record("did it for nobody", on=auditor, by=None)
    assert "did it here" in verbs(browser.get(TRAIL))
    assert not {"did it there", "did it for nobody"} & set(verbs(browser.get(TRAIL)))
    there = AuditEvent.objects.get(verb="did it there")
    assert browser.get(f"{TRAIL}{there.pk}/change/").status_code == 404
    assert "did it there" in verbs(staff_browser(chief()).get(TRAIL))


@pytest.mark.parametrize("told", ["4410-0275-31", "policies.Policy {pk}", "Marat@example.kz"])
def test_the_trail_is_searched_by_insured_id_object_and_actor(told: str) -> None:
    browser = at_work(saule(), an_insurer(), StaffRole.AUDITOR)
    policy = a_policy()
    audit.record("did it", on=policy, by=marat(), scope="nsk")
    audit.record("did something else", on=a_policy("1000000001"), by=None, scope="nsk")
    assert verbs(browser.get(TRAIL, {"q": told.format(pk=policy.pk)})) == ["did it"]


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.REGISTRAR])
def test_others_do_not_read_the_trail(role: StaffRole) -> None:
    assert at_work(marat(), an_insurer(), role).get(TRAIL).status_code == 403


def test_the_trail_cannot_be_added_to_changed_or_deleted_by_hand() -> None:
    browser = staff_browser(chief())
    event = audit.record("did it", on=a_policy(), by=None, scope="nsk")
    for page in (f"{TRAIL}add/", f"{TRAIL}{event.pk}/delete/"):
        assert browser.get(page).status_code == 403
    assert browser.post(f"{TRAIL}{event.pk}/change/", {"verb": "did nothing"}).status_code == 403


# ── What a caller tells ──────────────────────────────────────────────────────
@given(st.text())
def test_whatever_is_typed_into_the_search_is_understood_as_something(text: str) -> None:
    assert _as_told(text)
