"""Who of the reviewers is away on a day."""

from datetime import date, timedelta

import pytest

from claims.models import Absence
from claims.queries.staff import absent_on
from tests.claims.factories import bakyt
from tests.factories import an_insurer

TODAY = date(2026, 11, 23)
A_DAY = timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "is_away"), [(-1, False), (0, True), (3, True), (4, False)])
def test_an_absence_has_both_its_days(days: int, is_away: bool) -> None:
    insurer = an_insurer("nomad-life")
    Absence.objects.create(insurer=insurer, user=bakyt(insurer), since=TODAY, until=TODAY + 3 * A_DAY)
    assert bool(absent_on([(insurer, TODAY + days * A_DAY)])) is is_away
