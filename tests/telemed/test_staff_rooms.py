"""The overview of the staff's side leads to the rooms beside it, whoever may go there."""

import pytest

from accounts.models import User
from policies.rules import StaffRole
from telemed.models import Doctor
from tests.factories import an_insurer
from tests.people import a_member, marat, oksana, staff_browser, zarina
from tests.queries import statements
from tests.telemed.factories import a_doctor

pytestmark = pytest.mark.django_db
OVERVIEW, DESK, ASSISTANCE = "/staff/", "/desk/", "/assistance/"
CALLERS = "/assistance/callers/"


def rooms_of(user: User) -> set[str]:
    """To which the overview leads, each of which opens. Who has nothing to do at the overview is led on by itself."""
    browser = staff_browser(user)
    page = browser.get(OVERVIEW, follow=True)
    if page.redirect_chain:
        return {room for room in (DESK, ASSISTANCE) if page.request["PATH_INFO"].startswith(room)}
    links = {room for room in (DESK, ASSISTANCE) if f'href="{room}' in page.text}
    for room in links:
        address = page.text.partition(f'href="{room}')[2].partition('"')[0]
        assert browser.get(room + address, follow=True).status_code == 200
    return links


def test_a_doctor_finds_the_desk_until_they_leave() -> None:
    user = oksana()
    doctor = a_doctor(user)
    assert rooms_of(user) == {DESK}
    Doctor.objects.filter(pk=doctor.pk).update(is_active=False)
    assert rooms_of(user) == set()
    assert staff_browser(user).get(DESK).status_code == 403  # what the link would lead to


def test_a_coordinator_finds_the_assistance() -> None:
    assert rooms_of(zarina(an_insurer())) == {ASSISTANCE}


def test_who_works_at_the_overview_too_reads_of_every_room_of_theirs() -> None:
    an_insurer()
    marat_ = marat(is_superuser=True)
    assert rooms_of(marat_) == {ASSISTANCE}
    a_doctor(marat_)
    assert rooms_of(marat_) == {DESK, ASSISTANCE}


def test_an_operator_finds_neither_and_would_not_be_let_in() -> None:
    operator = a_member(StaffRole.OPERATOR, an_insurer(), "marat@example.kz")
    assert rooms_of(operator) == set()
    browser = staff_browser(operator)
    assert [browser.get(room).status_code for room in (DESK, "/assistance/payments/")] == [403, 403]


def test_the_links_cost_two_statements() -> None:
    user = a_member(StaffRole.OPERATOR, an_insurer(), "marat@example.kz")
    a_doctor(user)
    browser = staff_browser(user)
    browser.get(OVERVIEW)
    with statements() as made:
        browser.get(OVERVIEW)
    asked = [sql for sql in made if "telemed_doctor" in sql or "staffmembership" in sql]
    assert len(asked) == 2, made


# ── From room to room ────────────────────────────────────────────────────────
def nav_of(user: User, address: str) -> str:
    page = staff_browser(user).get(address, follow=True)
    assert page.status_code == 200
    return page.text.partition('<nav class="nav"')[2].partition("</nav>")[0]


def test_a_doctor_who_coordinates_goes_to_and_fro_between_the_desk_and_the_assistance() -> None:
    both = a_member(StaffRole.COORDINATOR, an_insurer(), "zarina@example.kz")
    a_doctor(both)
    assert f'href="{ASSISTANCE}"' in nav_of(both, DESK)
    assert f'href="{DESK}"' in nav_of(both, ASSISTANCE)


def test_who_has_one_room_reads_of_no_other() -> None:
    insurer = an_insurer()
    doctor, coordinator = oksana(), zarina(insurer)
    a_doctor(doctor, insurer=insurer)
    assert ASSISTANCE not in nav_of(doctor, DESK)
    assert f'href="{DESK}' not in nav_of(coordinator, ASSISTANCE)


@pytest.mark.parametrize("address", [ASSISTANCE, "/assistance/figures/", "/assistance/payments/"])
def test_a_coordinator_finds_where_a_callers_consultation_is_cancelled(address: str) -> None:
    assert f'href="{CALLERS}"' in nav_of(zarina(an_insurer()), address)


def test_an_operator_who_answers_calls_is_shown_no_section_that_would_not_open() -> None:
    insurer = an_insurer()
    operator, coordinator = a_member(StaffRole.OPERATOR, insurer, "marat@example.kz"), zarina(insurer)
    assert "/assistance/now/" not in nav_of(operator, CALLERS)
    assert "/assistance/now/" in nav_of(coordinator, CALLERS)
