"""Policies for whom Access opens them; registers and contacts for their keepers; who works for whom for superusers."""

from tests.security.matrix.actors import ACCOUNTS, AUDITORS, CHIEF, HELPED, INSURED, REGISTRARS, Actor
from tests.security.matrix.law import Row, cabinet, desk, everybody, model_pages, scoped

READERS = REGISTRARS | AUDITORS
ROWS: list[Row] = [
    Row("policies:policy", ACCOUNTS, HELPED, of="policy", else_=404),
    Row("policies:document", ACCOUNTS, HELPED - {Actor.LIMITED}, of="document", else_=404),  # full access only
    Row("policies:documents", ACCOUNTS, HELPED - {Actor.LIMITED}, of="policy", else_=404, get=405, post=302),
    Row("live_documents", ACCOUNTS, HELPED - {Actor.LIMITED}, of="policy", else_=404, get=204),  # nothing is being made
    cabinet("policies:looks"),
    cabinet("policies:consents"),
    cabinet("policies:consent", of="consent", post=200),  # it stands: the page again
    cabinet("policies:consent_withdrawal", of="consent", post=302),
    # Close ones: only the person and guardians pass something on, only whom the address belongs to answers.
    cabinet("policies:family"),
    Row("policies:invite", ACCOUNTS, INSURED - {Actor.LIMITED}, of="person", else_=404, post=200),
    Row("policies:end_invitation", ACCOUNTS, HELPED, of="invitation", else_=404, get=405, post=302),
    everybody("policies:invitation", at=("invented",), get=410, post=410),
    everybody("policies:invited_account", at=("invented",), get=410, post=410),
    everybody("policies:brand", at=("nsk",)),
    everybody("policies:brand", at=("nowhere",), get=404),
    # Registers: keepers upload and decide, auditors read.
    *model_pages("policies_register", "register", reads=READERS, adds=REGISTRARS, changed=405, history=404),
    scoped("admin:policies_register_change", "register", READERS, query={"show": "all", "after": "1"}),
    scoped("admin:policies_register_confirmation", "register", REGISTRARS, sees=AUDITORS, post=302),
    scoped("admin:policies_register_withdrawal", "register", REGISTRARS, sees=AUDITORS, post=302),
    scoped("admin:policies_register_report", "register", READERS),
    # Differing contacts: read by both, decided by an action of the list.
    *model_pages("policies_difference", "difference", reads=READERS, history=404),
    desk("admin:policies_difference_changelist", READERS, query={"decision": "all"}, post=200),
    # The audit trail.
    *model_pages("core_auditevent", "event", reads=AUDITORS),
    # Memberships.
    *model_pages("policies_staffmembership", "membership", reads=CHIEF, adds=CHIEF, deletes=CHIEF),
    desk("admin:policies_staffmembership_add", CHIEF, query={"_popup": "1"}, post=200),
    desk("admin:app_list", CHIEF | READERS, at=("policies",), else_=404),
]
