"""A house of invented claims: as many as asked, each with the rows that its clock is counted from."""

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from claims.management.commands.invent_claims import invent
from claims.models import NEVER, Claim
from claims.queries.facts import calendar_of, facts_of_many
from claims.rules.clock import clock_of, read_clock
from tests.claims.factories import NOW
from tests.factories import a_borrower

pytestmark = pytest.mark.django_db


def test_so_many_are_open_and_their_clocks_are_those_of_their_rows() -> None:
    insurer = a_borrower().insurer
    invent(insurer=insurer, count=500, are_open=100, now=NOW)
    claims = list(Claim.objects.select_related("insurer"))
    opened = [claim for claim in claims if claim.is_open]
    assert (len(claims), len(opened)) == (500, 100)
    assert {claim.next_on for claim in claims if not claim.is_open} == {NEVER}
    facts = facts_of_many(opened)
    for claim in opened:
        assert claim.clock == clock_of(facts[claim.pk])
        assert claim.next_on == read_clock(claim.clock, calendar_of(insurer)).on


def test_it_is_for_the_demo_and_needs_somebody_insured() -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="DEMO"):
        call_command("invent_claims")
    with override_settings(DEMO=True), pytest.raises(CommandError, match="no insurer"):
        call_command("invent_claims", insurer="nobody")
