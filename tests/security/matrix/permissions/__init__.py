"""Who may what: one table an app, one line an address."""

from tests.security.matrix.law import Row
from tests.security.matrix.permissions import (
    accounts,
    activation,
    calls,
    claims,
    core,
    desk,
    notices,
    policies,
    portal,
    reviewing,
    telemed,
)

APPS = (portal, claims, reviewing, telemed, calls, desk, activation, policies, accounts, notices, core)
ROWS: list[Row] = [row for app in APPS for row in app.ROWS]
