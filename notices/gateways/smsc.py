"""SMS through smsc.kz (smsc.ru speaks the same): a form out, JSON back, https://smsc.kz/api/http/."""

import uuid
from typing import Any

from django.conf import settings

from core import outbound
from notices.gateways.base import Accepted, Connectionless, Message, Misconfigured, NotAccepted, Refused, Temporary

TIMEOUT = 5.0

# Error codes of send.php. All others (parameters, date, forbidden text, number, cannot be delivered) stay refused.
OURS = {2: "login or password", 3: "no money on the account", 4: "our address is blocked"}
REPEATED = 9  # the same request within a minute, or too many at once

# Codes of status.php. Below "not found" there is nothing; 3, 20 and the rest above are final failures.
NOT_FOUND = -3
ON_ITS_WAY = {-1, 0, 1, 2}  # waiting, handed to the operator, delivered, counted as delivered


class Smsc(Connectionless):
    def deliver(self, message: Message) -> Accepted:
        """After a lost answer the status is asked first: a message that had arrived is not sent and paid twice."""
        known = status(message) if message.again else None
        return known or _send(message)


def status(message: Message) -> Accepted | None:
    """None when the gateway has never seen this message."""
    answer = _ask("status.php", {"phone": message.to, "id": own_number(message.key)}, expect="status")
    code = int(answer["status"])
    if code == NOT_FOUND:
        return None
    if code not in ON_ITS_WAY:
        raise Refused(f"status {code}")
    return Accepted(provider_id=own_number(message.key), answer=f"status {code}")


def _send(message: Message) -> Accepted:
    order = {"phones": message.to, "mes": message.text, "id": own_number(message.key)}
    if sender := message.sender or settings.SMSC_SENDER:
        order["sender"] = sender
    answer = _ask("send.php", order, expect="id")
    return Accepted(provider_id=str(answer["id"]), answer=f"{answer.get('cnt', '?')} part(s)")


def own_number(key: str) -> str:
    """The gateway takes 1…2147483647. Two keys may share a number, but a status is asked with the phone as well."""
    return str(uuid.UUID(key).int % 2147483647 + 1)


def _ask(page: str, order: dict[str, str], *, expect: str) -> dict[str, Any]:
    """`expect`: the key, with a number, of an answer that is not an error."""
    credentials = {"login": settings.SMSC_LOGIN, "psw": settings.SMSC_PASSWORD}
    form = {**credentials, **order, "charset": "utf-8", "fmt": "3"}  # its default is windows-1251: no Kazakh letters
    try:
        response = outbound.post_form(settings.SMSC_URL + page, form, timeout=TIMEOUT)
    except outbound.HostNotAllowed as error:
        raise Misconfigured(str(error), everyone=True) from error
    except outbound.Unreachable as error:
        raise Temporary("no answer", everyone=True) from error
    if response.status != 200:
        raise Temporary(f"HTTP {response.status}", everyone=True)
    try:
        answer = dict(response.json())
        error_code = int(answer.get("error_code", 0))
        int(answer[expect] if not error_code else 0)
    except (ValueError, KeyError, TypeError) as error:
        raise Temporary("an answer we cannot read") from error
    if error_code:
        raise _not_accepted(error_code)
    return answer


def _not_accepted(code: int) -> NotAccepted:
    if code in OURS:
        return Misconfigured(f"error {code}: {OURS[code]}", everyone=True)
    if code == REPEATED:
        return Temporary(f"error {code}: repeated, or too many at once")
    return Refused(f"error {code}")
