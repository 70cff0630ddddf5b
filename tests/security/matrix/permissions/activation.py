"""The door is open to everybody and says the same to all; pages of people and acts are the call centre's."""

from tests.security.matrix.actors import AUDITORS, EVERYBODY, GUESTS, NOBODY, OPERATORS, REGISTRARS, STAFF
from tests.security.matrix.law import Row, cabinet, desk, everybody, scoped, visitors

# A programme whose door is open to everybody, one where one registers first, one that begins with a number.
NSK, SOGAZ, NOMAD = ("sphera",), ("sogaz-health",), ("life-with-telemedicine",)
READERS = OPERATORS | AUDITORS
KEEPERS = REGISTRARS | AUDITORS
ROWS: list[Row] = [
    everybody("activation:programmes"),
    everybody("activation:start", at=NSK, post=200),
    everybody("activation:start", at=("nowhere",), get=404, post=404),
    everybody("activation:recovery", at=NSK, post=200),
    everybody("activation:recovery_codes", at=NSK, get=405, post=200),
    everybody("activation:mobile", at=NSK, get=302, post=302),  # its door knows no numbers
    everybody("activation:mobile", at=NOMAD, post=200),
    # Without the number that the page before proves.
    everybody("activation:mobile_code", at=NOMAD, get=302, post=302),
    everybody("activation:start", at=NOMAD, get=302, post=302),
    everybody("activation:recovery", at=NOMAD, get=302, post=302),
    everybody("activation:recovery_codes", at=NOMAD, get=405, post=302),
    everybody("activation:account", at=NOMAD, get=302, post=302),
    # Without the passage that the step before hands out: back to the first step.
    everybody("activation:waiting", at=NSK, get=302),
    everybody("activation:calendar", at=NSK, get=302),
    everybody("activation:reminder", at=NSK, get=405, post=302),
    everybody("activation:proof", at=NSK, get=302, post=302),
    everybody("activation:proof_codes", at=NSK, get=405, post=302),
    everybody("activation:account", at=NSK, get=302, post=302),
    # A programme at whose door one registers: a stranger's facts are not even compared.
    visitors("activation:start", at=SOGAZ, post=200),
    visitors("activation:registration", at=SOGAZ, post=200),
    everybody("activation:registration", at=NSK, get=404, post=404),
    cabinet("activation:declaration", at=SOGAZ, post=200),
    cabinet("activation:number", at=SOGAZ, get=302, post=302),  # nobody here has declared anything
    cabinet("activation:child", at=SOGAZ, get=302, post=302),
    everybody("activation:letter", get=302),
    everybody("activation:letter_copies", get=405, post=302),
    everybody("activation:letter_address", get=405, post=302),
    everybody("activation:letter_end", get=405, post=302),
    everybody("live_letter", get=204),
    everybody("activation:confirm", at=("invented",), post=200),  # a page that says the link is dead
    everybody("activation:invited", at=("invented",), post=200),
    # Who of a firm's people is enrolled: its HR, as guests of this one report.
    Row("activation:enrolment", EVERYBODY, GUESTS, of="mailing", else_=404),
    Row("activation:enrolment", EVERYBODY, GUESTS, of="mailing", else_=404, query={"as": "csv"}),
    # The desk: operators act, auditors read.
    desk("admin:activation_insuredperson_changelist", READERS, post=302),
    desk("admin:activation_insuredperson_add", NOBODY, post=403),
    scoped("admin:activation_insuredperson_change", "person", READERS),
    scoped("admin:activation_insuredperson_delete", "person", NOBODY, sees=READERS, post=403),
    scoped("admin:activation_insuredperson_history", "person", READERS, get=404, post=404),
    desk("staff/activation/insuredperson/<path:object_id>/", STAFF, at=("1",), get=302, post=302),
    scoped("admin:activation_person_iin", "person", OPERATORS, sees=AUDITORS, post=200),
    scoped("admin:activation_person_contacts", "person", OPERATORS, sees=AUDITORS, post=200),
    scoped("admin:activation_policy_undo", "person's policy", OPERATORS, sees=AUDITORS, post=200),
    scoped("admin:activation_policy_door", "person's policy", OPERATORS, sees=AUDITORS, post=200),
    # Active already: back to the page.
    scoped("admin:activation_policy_letter", "person's policy", OPERATORS, sees=AUDITORS, get=302, post=302),
    scoped("admin:activation_policy_lock", "person's policy", OPERATORS, sees=AUDITORS, get=302, post=302),
    scoped("admin:activation_policy_code", "person's policy", OPERATORS, sees=AUDITORS, get=302, post=302),
    scoped("admin:activation_account_home", "person's account", OPERATORS, sees=AUDITORS, post=200),
    # Nobody came in by the sign-in page, which keeps the list of sessions. The access was given by an activation, which is
    # undone instead. Everybody has a passkey, and nobody said that it is lost.
    scoped("admin:activation_account_sessions", "person's account", OPERATORS, sees=AUDITORS, get=302, post=302),
    scoped("admin:activation_account_access", "person's account", OPERATORS, sees=AUDITORS, get=302, post=302),
    scoped("admin:activation_account_factor", "person's account", OPERATORS, sees=AUDITORS, post=200),
    scoped(
        "admin:activation_account_factor-confirmed", "person's account", OPERATORS, sees=AUDITORS, get=302, post=302
    ),
    desk("admin:activation_attempts", READERS, at=("nsk",), get=404, else_=404),  # nobody asked for an ID that is tried
    # Sheets of codes: keepers of registers issue and withdraw, auditors read.
    desk("admin:activation_codebatch_changelist", KEEPERS, post=200),
    desk("admin:activation_codebatch_add", REGISTRARS, post=200),
    scoped("admin:activation_codebatch_change", "batch", KEEPERS, get=404, post=404),
    scoped("admin:activation_codebatch_delete", "batch", NOBODY, sees=KEEPERS, post=403),
    scoped("admin:activation_codebatch_history", "batch", KEEPERS, get=404, post=404),
    desk("staff/activation/codebatch/<path:object_id>/", STAFF, at=("1",), get=302, post=302),
    scoped("admin:activation_codebatch_withdrawal", "batch", REGISTRARS, sees=AUDITORS, post=200),
    # Mailings to a firm's people: keepers of registers start and stop, auditors read.
    desk("admin:activation_mailing_changelist", KEEPERS, post=200),
    desk("admin:activation_mailing_add", REGISTRARS, post=200),
    scoped("admin:activation_mailing_change", "mailing", KEEPERS),
    scoped("admin:activation_mailing_delete", "mailing", NOBODY, sees=KEEPERS, post=403),
    scoped("admin:activation_mailing_history", "mailing", KEEPERS, get=404, post=404),
    desk("staff/activation/mailing/<path:object_id>/", STAFF, at=("1",), get=302, post=302),
    scoped("admin:activation_mailing_pause", "mailing", REGISTRARS, sees=AUDITORS, get=405, post=302),
    scoped("admin:activation_mailing_resume", "mailing", REGISTRARS, sees=AUDITORS, get=405, post=302),
    scoped("admin:activation_mailing_stop", "mailing", REGISTRARS, sees=AUDITORS, get=405, post=302),
    scoped("admin:activation_mailing_bounces", "mailing", REGISTRARS, sees=AUDITORS, post=200),
    scoped("admin:activation_mailing_enrolment", "mailing", KEEPERS),
    scoped("admin:activation_mailing_enrolment", "mailing", KEEPERS, query={"as": "csv"}),
    scoped("admin:activation_mailing_guests", "mailing", KEEPERS, acts=REGISTRARS, post=200),
    scoped("admin:activation_mailing_guest_end", "guest", REGISTRARS, sees=AUDITORS, get=405, post=302),
    desk("admin:app_list", READERS | KEEPERS, at=("activation",), else_=404),
]
