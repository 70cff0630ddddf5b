"""Policies for whom Access opens them; registers and contacts for their keepers; who works for whom for superusers."""

from tests.security.matrix.actors import ACCOUNTS, AUDITORS, CHIEF, INSURED, REGISTRARS, Actor
from tests.security.matrix.law import Row, cabinet, desk, everybody, model_pages, scoped

READERS = REGISTRARS | AUDITORS
ROWS: list[Row] = [
    cabinet("policies:policy", of="policy"),
    Row("policies:document", ACCOUNTS, INSURED - {Actor.LIMITED}, of="document", else_=404),  # full access only
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
