"""The one timeline of a claim: page, letter and queue ask here."""

from datetime import date

from claims.models import Claim
from claims.queries.facts import calendar_of, facts_of
from claims.rules.timeline import Timeline, timeline


def timeline_of(claim: Claim, *, today: date, expected_on: date | None = None) -> Timeline:
    """Eight queries at most. `expected_on`: on which day what we wait for is supposed to come."""
    return timeline(facts_of(claim), calendar_of(claim.insurer), today=today, expected_on=expected_on)
