"""Where allauth meets the portal: accounts and their letters (account), second steps (factor), national sign-in (national)."""

from accounts.adapters.account import (
    LETTERS,
    AccountAdapter,
    brand_asked,
    brand_in,
    path_to_new_password,
)
from accounts.adapters.factor import MfaAdapter
from accounts.adapters.national import NationalAdapter, NationalDoor, identity_shown, national_sign_in

__all__ = [
    "LETTERS",
    "AccountAdapter",
    "MfaAdapter",
    "NationalAdapter",
    "NationalDoor",
    "brand_asked",
    "brand_in",
    "identity_shown",
    "national_sign_in",
    "path_to_new_password",
]
