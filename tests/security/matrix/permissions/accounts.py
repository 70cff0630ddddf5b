"""Signing in is everybody's, an account is its owner's, the staff site belongs to who passed a second factor.

Everybody in the cast has a passkey, and nobody an authenticator app or recovery codes.
"""

from tests.security.matrix.actors import ACCOUNTS, CHIEF, DOCTORS, EVERYBODY, GUESTS, MEMBERS, STAFF, Actor
from tests.security.matrix.law import Row, cabinet, desk, everybody, model_pages, visitors

ACCOUNTS_OF_A_MEMBERSHIP = {
    "app_label": "policies", "model_name": "staffmembership", "field_name": "user", "term": "operator@cast.example",
}  # fmt: skip
ROWS: list[Row] = [
    # Before signing in.
    visitors("account_login", post=200),
    visitors("account_signup", post=200),  # closed: it says where accounts come from
    everybody("account_reset_password", post=200),
    everybody("account_reset_password_done"),
    everybody("account_reset_password_from_key", at=("1", "invented"), post=200),
    everybody("account_reset_password_from_key_done"),
    everybody("account_confirm_email", at=("invented",), post=404),
    everybody("account_email_verification_sent"),
    everybody("account_inactive"),
    everybody("accounts:language", get=405, post=400),
    everybody("accounts:letter", get=405, post=302),
    everybody("accounts:link", at=("invented",), post=410),
    visitors("accounts:sign_in_sms", post=200),
    everybody("accounts:sign_in_code", get=302, post=302),  # nobody has asked for a code
    everybody("accounts:sign_in_pin", get=302, post=302),  # nobody has called this browser theirs
    everybody("accounts:new_password_code", get=302, post=302),
    everybody("accounts:first_password", at=("invented",), post=200),
    everybody("accounts:stop_number_change", at=("invented",), post=410),
    everybody("accounts:stop_lifting", at=("invented",), post=410),
    everybody("accounts:national_sign_in", get=405, post=302),  # the provider of this world is away
    everybody("accounts:national_callback", get=302),
    everybody("accounts:guest", at=("invented",), get=410, post=410),
    everybody("accounts:guest_code", at=("invented",), get=410, post=410),
    Row("accounts:guest_end", EVERYBODY, GUESTS, of="mailing", get=405, post=200, else_=404),
    everybody("account_confirm_login_code", get=302, post=302),
    everybody("mfa_authenticate", get=302, post=302),
    everybody("mfa_login_webauthn", get=302, post=302),
    # One's own account.
    cabinet("accounts:profile"),
    cabinet("accounts:mobile", post=200),
    cabinet("accounts:mobile_code", get=302, post=302),
    cabinet("accounts:mobile_withdrawal", get=405, post=302),
    cabinet("accounts:mobile_change_end", get=405, post=302),
    Row("accounts:pin", ACCOUNTS, MEMBERS, post=200, else_=404),
    Row("accounts:pin_removal", ACCOUNTS, MEMBERS, get=405, post=302, else_=404),
    Row("accounts:device", ACCOUNTS, MEMBERS, get=302, post=302, else_=404),  # without a PIN there is nothing to ask
    Row("accounts:end_trust", ACCOUNTS, MEMBERS, get=405, post=302, else_=404),
    cabinet("accounts:national"),
    Row("accounts:national_connect", ACCOUNTS, ACCOUNTS - STAFF - {Actor.NEWCOMER}, get=405, post=302),
    cabinet("accounts:national_disconnect", get=405, post=302),
    cabinet("account_logout", post=302),
    cabinet("account_email", post=302),
    cabinet("account_change_password", post=200),
    cabinet("account_set_password", get=302, post=302),
    cabinet("account_reauthenticate", post=200),
    cabinet("usersessions_list", post=302),
    cabinet("accounts:end_session", get=405, post=302),
    cabinet("mfa_index"),
    cabinet("mfa_list_webauthn"),
    cabinet("mfa_add_webauthn", post=200),
    cabinet("mfa_edit_webauthn", of="passkey", post=200),
    cabinet("mfa_remove_webauthn", of="passkey", post=302),
    cabinet("mfa_activate_totp", post=200),
    cabinet("mfa_deactivate_totp", get=404, post=404),
    cabinet("mfa_view_recovery_codes", get=404),
    cabinet("mfa_download_recovery_codes", get=404, post=404),
    cabinet("mfa_generate_recovery_codes", post=302),
    cabinet("mfa_reauthenticate", get=302, post=302),
    cabinet("mfa_reauthenticate_webauthn", post=302),
    # The staff site itself.
    Row("admin:login", ACCOUNTS, STAFF | {Actor.NEWCOMER}, get=302, post=302),
    desk("admin:logout", STAFF, get=405, post=302),
    desk(
        "admin:index", STAFF - DOCTORS - {Actor.COORDINATOR, Actor.CASHIER}, else_=302
    ),  # these have rooms of their own
    desk("admin:jsi18n", STAFF),
    desk("admin:password_change", STAFF, get=302, post=302),
    desk("admin:password_change_done", STAFF),
    desk("admin:autocomplete", STAFF, get=403),
    desk("admin:autocomplete", CHIEF, query=ACCOUNTS_OF_A_MEMBERSHIP),
    desk("staff/(?P<url>.*)$", STAFF, at=("nowhere/",), get=404, post=404),
    # Accounts as superusers look at them.
    *model_pages("accounts_user", "account", reads=CHIEF),
    *model_pages("auth_group", "group", reads=CHIEF),
]
