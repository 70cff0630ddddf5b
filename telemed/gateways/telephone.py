"""Click-to-call: the provider rings the doctor, then the patient, and connects the two. What was said is never here.

HTTP: POST to TELEPHONE_URL, form fields `from`, `to` (E.164) and `key` (the same key again is the same call), Basic
authentication; answered 200 with JSON, {"call": its number} or {"error": a word}.
"""

from typing import Protocol

from django.conf import settings

from core import outbound

TIMEOUT = 5.0  # seconds
LONGEST_ANSWER = 100  # characters that are kept


class NotConnected(Exception):
    """Nobody was called, or nobody can say whether: a failure on our side, which never counts against the patient."""


class Telephone(Protocol):
    def connect(self, doctor: str, patient: str, *, key: str) -> str:
        """The provider's own number of the call. Raise NotConnected."""


class Sandbox:
    """Calls nobody: whoever shows the portal says what happened."""

    def connect(self, doctor: str, patient: str, *, key: str) -> str:
        return "sandbox"


class Http:
    def connect(self, doctor: str, patient: str, *, key: str) -> str:
        if not doctor:
            raise NotConnected("the doctor has no mobile number")
        order = {"from": doctor, "to": patient, "key": key}
        login = (settings.TELEPHONE_LOGIN, settings.TELEPHONE_PASSWORD)
        try:
            response = outbound.post_form(settings.TELEPHONE_URL, order, timeout=TIMEOUT, basic=login)
        except (outbound.HostNotAllowed, outbound.Unreachable) as error:
            raise NotConnected(type(error).__name__) from error
        if response.status != 200:
            raise NotConnected(f"HTTP {response.status}")
        try:
            answer = dict(response.json())
        except (ValueError, TypeError) as error:
            raise NotConnected("an answer we cannot read") from error
        if not answer.get("call"):
            raise NotConnected(str(answer.get("error", "no number of the call"))[:LONGEST_ANSWER])
        return str(answer["call"])[:LONGEST_ANSWER]


def telephone() -> Telephone:
    return Http() if settings.TELEPHONE_GATEWAY == "http" else Sandbox()
