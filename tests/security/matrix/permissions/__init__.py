"""Who may what: one table an app, one line an address."""

from tests.security.matrix.law import Row
from tests.security.matrix.permissions import accounts, activation, core, notices, policies, portal

ROWS: list[Row] = [row for app in (portal, activation, policies, accounts, notices, core) for row in app.ROWS]
