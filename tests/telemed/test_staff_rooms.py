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
