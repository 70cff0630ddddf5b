"""Mobile numbers that can receive a code, and contacts shown so that only their owner recognises them."""

import re
from functools import cache

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat, PhoneNumberType

from core.errors import InputError

RECEIVES_SMS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
HIDDEN = "•••"
NEVER = re.compile("(?!)")
WITHOUT_SPACING = str.maketrans("", "", " -()")


OURS = re.compile(r"\+7[79]\d{9}", re.ASCII)  # mobiles of Kazakhstan +7 7…, of Russia +7 9…


class PhoneNotAccepted(InputError):
    """`code` is "form" (not a phone number), "extension", "mobile" (no SMS there) or "country"."""


def parse_our_mobile(text: str) -> str:
    """E.164 of a number to which we send codes: a mobile of Kazakhstan or Russia. Elsewhere an SMS is dear, and a
    stranger who makes us send them may earn from it."""
    number = parse_mobile(text, "KZ")
    if not OURS.fullmatch(number):
        raise PhoneNotAccepted("country", _("We send codes only to mobile numbers of Kazakhstan and Russia"))
    return number


def parse_mobile(text: str, region: str) -> str:
    """E.164, as +77012344567. `region` ("KZ", "RU") explains a number without +; 8… and 7… mean the same in both."""
    pattern, country_code = usual_mobile(region)
    if usual := pattern.fullmatch(text.translate(WITHOUT_SPACING)):
        return f"+{country_code}{usual[1]}"
    return parse_unusual_mobile(text, region)


@cache
def usual_mobile(region: str) -> tuple[re.Pattern[str], int | None]:
    """How nearly everybody writes a mobile number of the region. A register has a million, and the library takes 25 µs."""
    country = PhoneMetadata.metadata_for_region(region)
    if country is None or country.mobile is None:
        return NEVER, None
    starts = [rf"\+{country.country_code}", *filter(None, [country.national_prefix])]
    pattern = re.compile(rf"(?:{'|'.join(starts)})({country.mobile.national_number_pattern})", re.ASCII)
    return pattern, country.country_code


def parse_unusual_mobile(text: str, region: str) -> str:
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        raise not_a_number() from None
    if not phonenumbers.is_valid_number(number):
        raise not_a_number()
    if number.extension:
        raise PhoneNotAccepted("extension", _("Enter a number without an extension"))
    if phonenumbers.number_type(number) not in RECEIVES_SMS:
        raise PhoneNotAccepted("mobile", _("We can send a message only to a mobile number"))
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def not_a_number() -> PhoneNotAccepted:
    return PhoneNotAccepted("form", _("Enter a mobile number, for example +7 701 234 45 67"))


def mask_phone(e164: str) -> str:
    """+77012344567 → +7 701 ••• 45 67; what is no number shows nothing of itself."""
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return HIDDEN
    national = str(number.national_number)
    if len(national) < 9:
        return f"+{number.country_code} {HIDDEN}"
    return f"+{number.country_code} {national[:3]} {HIDDEN} {national[-4:-2]} {national[-2:]}"


def mask_contact(contact: str) -> str:
    """An address or a number, whichever it is."""
    return mask_email(contact) if "@" in contact else mask_phone(contact)


def mask_email(address: str) -> str:
    """aigul@example.kz → a•••l@example.kz; a name of up to three letters gives only its first one, or nothing."""
    name, _at, domain = address.rpartition("@")
    if not name:
        return HIDDEN
    last = name[-1] if len(name) > 3 else ""
    first = name[0] if len(name) > 1 else ""
    return f"{first}{HIDDEN}{last}@{domain}"
