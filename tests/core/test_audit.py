"""The audit trail grows and never changes, for Python and for the database role of the product."""

import pytest
from django.db import ProgrammingError, connection

from core import audit
from core.models import AuditEvent, ImmutableRow

pytestmark = pytest.mark.django_db


def an_event() -> AuditEvent:
    subject = audit.record("wrote the first line", on=AuditEvent(pk=1), by=None)
    return audit.record("opened a card", on=subject, by=None, scope="nsk", reason="the insured called", field="iin")


def test_an_event_keeps_who_what_when_and_why() -> None:
    event = an_event()
    assert (event.verb, event.reason, event.detail) == ("opened a card", "the insured called", {"field": "iin"})
    assert event.object_type == "core.AuditEvent"


def test_python_refuses_to_change_or_delete_it() -> None:
    event = an_event()
    with pytest.raises(ImmutableRow):
        event.save()
    with pytest.raises(ImmutableRow):
        event.delete()


@pytest.mark.parametrize("statement", ["UPDATE core_auditevent SET reason = ''", "DELETE FROM core_auditevent"])
def test_the_web_role_cannot_rewrite_history(statement: str) -> None:
    an_event()
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute(statement)


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_without_the_grants_the_same_statement_would_pass() -> None:
    """Control: the refusal above comes from the role, not from the statement."""
    from django.db import connections

    an_event()
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE core_auditevent SET reason = 'rewritten'")
        assert cursor.rowcount == 2
