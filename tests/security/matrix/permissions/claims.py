"""A case: for whom full access opens the person it is about. Guests of cases and the bank's officers come by a code, so
nobody here has their pages (tests/claims)."""

from typing import Any

from tests.security.matrix.actors import ACCOUNTS, EVERYBODY, HELPED, NOBODY, Actor
from tests.security.matrix.law import Row, cabinet, everybody

CLAIMANTS = HELPED - {Actor.LIMITED}  # full access only


def case(url: str, of: str = "case", **facts: Any) -> Row:
    return Row(url, ACCOUNTS, CLAIMANTS, of=of, else_=404, **facts)


def bank(url: str, of: str = "bank's document", **facts: Any) -> Row:
    return Row(url, EVERYBODY, NOBODY, of=of, else_=404, **facts)


HERE = ("nomad-life",)
ROWS: list[Row] = [
    everybody("claims:home"),
    cabinet("claims:notice", get=302, post=302),  # NSK pays for no such events: back to the section
    # Without an account: nobody here has typed a code.
    everybody("claims:guests", get=302),  # one insurer only pays for such events
    everybody("claims:guest", at=HERE, post=200),  # empty: the form again
    everybody("claims:guest", at=("nobody-at-all",), get=404),
    everybody("claims:guest_code", at=HERE, get=302, post=302),
    everybody("claims:guest_notice", at=HERE, get=302, post=302),
    everybody("claims:return", post=200),
    everybody("claims:return_code", get=302, post=302),
    # One case.
    case("claims:case"),
    case("claims:application", post=200),
    case("claims:knowledge", post=200),
    case("claims:withdrawal", post=302),
    case("claims:export"),
    case("claims:letter", "case's letter"),
    case("claims:paper", "case's letter", get=302),  # no worker has made it: to the letter
    # What is paid to them, and a disability that is established anew.
    case("claims:case_payouts", "paid claim"),
    case("claims:case_account", "payee", get=302, post=302),  # nothing is to come there: back to the payouts
    case("claims:recertification", "paid claim", post=200),
    case("claims:recertification_beginning", "paid claim", get=405, post=302),
    case("claims:live_case", get=404),  # streams are served by another process (tests/live)
    # A document of it.
    case("claims:document", "case's document", post=200),
    case("claims:document_files", "case's document", post=200),
    case("claims:document_file", "case's page"),
    case("claims:document_removal", "case's page", get=405, post=302),
    case("claims:live_document", "case's document", get=404),
    case("claims:bank_link", "case's document", post=200),
    case("claims:bank_link_end", "case's link", get=405, post=302),
    # The bank's officers'.
    bank("claims:bank", post=200),
    bank("claims:bank_files", post=200),
    bank("claims:bank_removal", "bank's page", get=405, post=302),
    bank("claims:live_bank", get=404),
]
