"""Figures and lists that leave the house as files: that they do, and why, is told to the audit trail of each insurer in them."""

from accounts.models import User
from core import audit
from policies.queries.scopes import Scope


def note_export(verb: str, *, scope: Scope, kind: str, reason: str, by: User) -> None:
    """`verb` is a msgid; `kind` a key of policies.gateways.sheets.TYPES."""
    days = {"first": scope.period.first.isoformat(), "last": scope.period.last.isoformat()}
    for insurer in scope.insurers:
        audit.record(verb, on=insurer, by=by, scope=insurer.slug, reason=reason, file=kind, **days)
