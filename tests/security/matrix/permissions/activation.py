"""The door is open to everybody and says the same to all; files and acts are the call centre's."""

from tests.security.matrix.actors import AUDITORS, NOBODY, OPERATORS, REGISTRARS, STAFF
from tests.security.matrix.law import Row, desk, everybody, scoped

NSK = ("sphera",)  # a programme whose door is here
READERS = OPERATORS | AUDITORS
KEEPERS = REGISTRARS | AUDITORS
ROWS: list[Row] = [
    everybody("activation:programmes"),
    everybody("activation:start", at=NSK, post=200),
    everybody("activation:start", at=("nowhere",), get=404, post=404),
    everybody("activation:recovery", at=NSK, post=200),
    everybody("activation:recovery_codes", at=NSK, get=405, post=200),
    # Without the passage that the step before hands out: back to the first step.
    everybody("activation:waiting", at=NSK, get=302),
    everybody("activation:calendar", at=NSK, get=302),
    everybody("activation:reminder", at=NSK, get=405, post=302),
    everybody("activation:proof", at=NSK, get=302, post=302),
    everybody("activation:proof_codes", at=NSK, get=405, post=302),
    everybody("activation:account", at=NSK, get=302, post=302),
    everybody("activation:letter", get=302),
    everybody("activation:letter_copies", get=405, post=302),
    everybody("activation:letter_address", get=405, post=302),
    everybody("activation:letter_end", get=405, post=302),
    everybody("live_letter", get=204),
    everybody("activation:confirm", at=("invented",), post=200),  # a page that says the link is dead
    # The desk: operators act, auditors read.
    desk("admin:activation_insuredfile_changelist", READERS, post=302),
    desk("admin:activation_insuredfile_add", NOBODY, post=403),
    scoped("admin:activation_insuredfile_change", "policy", READERS),
    scoped("admin:activation_insuredfile_delete", "policy", NOBODY, sees=READERS, post=403),
    scoped("admin:activation_insuredfile_history", "policy", READERS, get=404, post=404),
    desk("staff/activation/insuredfile/<path:object_id>/", STAFF, at=("1",), get=302, post=302),
    scoped("admin:activation_file_undo", "policy", OPERATORS, sees=AUDITORS, post=200),
    scoped("admin:activation_file_iin", "policy", OPERATORS, sees=AUDITORS, post=200),
    scoped("admin:activation_file_contacts", "policy", OPERATORS, sees=AUDITORS, post=200),
    scoped("admin:activation_file_letter", "policy", OPERATORS, sees=AUDITORS, get=302, post=302),  # active already:
    scoped("admin:activation_file_lock", "policy", OPERATORS, sees=AUDITORS, get=302, post=302),  # back to the file
    scoped("admin:activation_file_code", "policy", OPERATORS, sees=AUDITORS, get=302, post=302),
    scoped("admin:activation_file_factor", "policy", OPERATORS, sees=AUDITORS, post=200),  # everybody has a passkey
    scoped("admin:activation_file_factor-confirmed", "policy", OPERATORS, sees=AUDITORS, get=302, post=302),
    desk("admin:activation_attempts", READERS, at=("nsk",), get=404, else_=404),  # nobody asked for an ID that is tried
    # Sheets of codes: keepers of registers issue and withdraw, auditors read.
    desk("admin:activation_codebatch_changelist", KEEPERS, post=200),
    desk("admin:activation_codebatch_add", REGISTRARS, post=200),
    scoped("admin:activation_codebatch_change", "batch", KEEPERS, get=404, post=404),
    scoped("admin:activation_codebatch_delete", "batch", NOBODY, sees=KEEPERS, post=403),
    scoped("admin:activation_codebatch_history", "batch", KEEPERS, get=404, post=404),
    desk("staff/activation/codebatch/<path:object_id>/", STAFF, at=("1",), get=302, post=302),
    scoped("admin:activation_codebatch_withdrawal", "batch", REGISTRARS, sees=AUDITORS, post=200),
    desk("admin:app_list", READERS | KEEPERS, at=("activation",), else_=404),
]
