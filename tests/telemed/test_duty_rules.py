"""Who is meant for whom, and how long the wait may last: pure, with both sides of each boundary."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.rules import Service
from telemed.rules import Estimate, Speciality, Unknown, duty_doctor_for, estimate

TODAY, DAY = date(2026, 11, 21), timedelta(days=1)
MINUTE = timedelta(minutes=1)
GP, PAEDIATRICIAN = (Service.DUTY_GP, Speciality.THERAPIST), (Service.DUTY_PAEDIATRICIAN, Speciality.PAEDIATRICIAN)


@pytest.mark.parametrize(
    ("born", "today", "doctor"),
    [
        (date(2008, 11, 21), TODAY, GP),  # the 18th birthday
        (date(2008, 11, 22), TODAY, PAEDIATRICIAN),  # the day before it
        (TODAY, TODAY, PAEDIATRICIAN),
        (date(2008, 2, 29), date(2026, 2, 28), PAEDIATRICIAN),  # born on 29 February: 18 on 1 March
        (date(2008, 2, 29), date(2026, 3, 1), GP),
    ],
)
def test_a_child_has_a_paediatrician_until_the_day_before_the_18th_birthday(
    born: date, today: date, doctor: tuple[Service, Speciality]
) -> None:
    assert duty_doctor_for(born, today=today) == doctor


def wait(place: int = 1, doctors: int = 1, median: float = 6, of: int = 12, waited: float = 0) -> Estimate:
    return estimate(began_as=place, doctors=doctors, median=median * MINUTE, of=of, waited=waited * MINUTE)


@pytest.mark.parametrize(
    ("place", "doctors", "minutes"), [(1, 1, 6), (2, 1, 12), (2, 2, 6), (3, 2, 12), (4, 2, 12), (5, 2, 18)]
)
def test_as_many_are_called_at_a_time_as_doctors_are_on_duty(place: int, doctors: int, minutes: int) -> None:
    assert wait(place, doctors).minutes == minutes


def test_what_was_waited_already_counts_and_a_part_of_a_minute_is_a_minute() -> None:
    assert wait(waited=5.5).minutes == 1
    assert wait(median=5.1).minutes == 6


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (wait(doctors=0), Unknown.NO_DOCTOR),
        (wait(of=4), Unknown.NO_BASIS),
        (wait(waited=6), Unknown.LONGER),
        (estimate(began_as=1, doctors=1, median=None, of=0, waited=MINUTE), Unknown.NO_BASIS),
    ],
)
def test_where_nothing_is_known_no_number_is_invented(told: Estimate, why: Unknown) -> None:
    assert (told.minutes, told.unknown) == (None, why)
    assert wait(of=5).minutes == 6  # control: the fifth is basis enough


@given(
    place=st.integers(1, 500), doctors=st.integers(0, 50), of=st.integers(0, 100),
    median=st.none() | st.timedeltas(timedelta(0), timedelta(hours=6)), waited=st.timedeltas(timedelta(0), timedelta(hours=9)),
)  # fmt: skip
def test_either_a_number_or_a_reason(
    place: int, doctors: int, of: int, median: timedelta | None, waited: timedelta
) -> None:
    told = estimate(began_as=place, doctors=doctors, median=median, of=of, waited=waited)
    assert (told.minutes is None) == (told.unknown is not None)
    assert told.minutes is None or told.minutes > 0
