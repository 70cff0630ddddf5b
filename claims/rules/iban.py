"""The number of an account in a bank of Kazakhstan, ISO 13616: KZ, two check digits, three digits of the bank, thirteen signs.

Payouts go to such accounts (7.9). A dozen lines of our own: schwifty and what it brings along weigh 28 MB (adr/0041).
"""

import re

from django.utils.translation import gettext as _

from core.errors import InputError
from core.identity import normalise_key

KAZAKH = re.compile(r"KZ([0-9]{2})([0-9]{3}[0-9A-Z]{13})")
LENGTH = 20


class IbanNotAccepted(InputError):
    """`code` is "country", "length", "form" or "check"."""


def parse_iban(text: str) -> str:
    """Without spaces and in capitals; Cyrillic letters that look like Latin ones are read as these. Raise IbanNotAccepted."""
    iban = normalise_key(text)
    if not iban.startswith("KZ"):
        raise IbanNotAccepted("country", _("An account number (IBAN) of a bank of Kazakhstan begins with KZ"))
    if len(iban) != LENGTH:
        raise IbanNotAccepted("length", _("An IBAN has 20 characters, here are %(count)d") % {"count": len(iban)})
    match = KAZAKH.fullmatch(iban)
    if not match:
        raise IbanNotAccepted("form", _("After KZ an IBAN has five digits and then digits or Latin letters"))
    if check_digits(match[2]) != match[1]:
        raise IbanNotAccepted("check", _("A misprint: compare each character of the IBAN with the bank’s paper"))
    return iban


def check_digits(account: str) -> str:
    """ISO 7064, MOD 97-10, a letter standing for two digits (A is 10)."""
    number = int("".join(str(int(sign, 36)) for sign in f"{account}KZ00"))
    return f"{98 - number % 97:02}"


def in_fours(iban: str) -> str:
    """As banks print it: KZ86 125K ZT50 0410 0100."""
    return " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))
