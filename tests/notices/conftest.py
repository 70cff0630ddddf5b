"""The two peers, and a sample of the facts of every kind."""

from collections.abc import Iterator
from typing import Any

import pytest

from notices.models import Notice
from notices.services import post
from tests.peers.smsc import LOGIN, PASSWORD, SmsGateway
from tests.peers.smtp import MailServer

BRAND = {"name": "Мой полис", "phone": "+7 727 258 18 00", "hours": "круглосуточно", "url": "https://mp.example/"}
URL = "https://mp.example/confirm/abc"
A_TALK = {
    "starts_at": "2026-11-24T18:30:00+05:00", "free_at": "2026-11-23T18:30:00+05:00", "is_free": True,
    "zone": "Asia/Almaty", "url": URL,
}  # fmt: skip
FACTS: dict[str, dict[str, Any]] = {
    "confirm_address": {"url": URL, "expires_on": "2026-11-24"},
    "set_password": {"url": URL, "expires_on": "2026-11-24"},
    "account_known": {"url": URL},
    "policy_activated": {
        "product": "Nomad Life", "insured": "Айгуль С.", "cover_from": "2026-12-01", "cover_until": "2027-11-30", "url": URL,
    },
    "appendix": {"product": "Личный врач", "insured": "Айгуль С.", "url": URL},
    "activation_opens": {"product": "Nomad Life", "url": URL},
    "proof_code": {"code": "417302", "minutes": 10},
    "phone_code": {"code": "417302", "minutes": 10},
    "access_ended": {"insured": "Әлихан Н.", "phone": "22-58"},
    "email_code": {"code": "417302", "minutes": 10},
    "guest_link": {"about": "Кто активировал: ТОО «Алма»", "url": URL, "expires_at": "2026-12-21T23:30:00+05:00"},
    "invitation": {
        "product": "Сфера здоровья", "firm": "ТОО «Алма»", "insured": "Айгуль С.", "expires_on": "2026-12-21", "url": URL,
    },
    "activation_undone": {"product": "Nomad Life", "phone": "22-58"},
    "new_device": {"when": "2026-11-21T23:30:00+03:00", "device": "Chrome, Android"},
    "password_reset": {"url": URL},
    "password_changed": {},
    "consent_withdrawn": {"title": "Согласие на обработку персональных данных", "when": "2026-11-21T23:30:00+03:00"},
    "login": {"login": "+77012344567", "url": URL},
    "family_changed": {"change": "accepted", "insured": "Айгуль С.", "who": "spouse@example.kz"},
    "family_invitation": {"insured": "Айгуль С.", "url": URL, "expires_on": "2026-11-28"},
    "account_changed": {"change": "email", "when": "2026-11-21T23:30:00+03:00"},
    "number_change": {"new": "+7 705 ••• 77 77", "when": "2026-11-22T23:30:00+03:00", "url": URL},
    "factor_loss": {"when": "2026-11-22T23:30:00+03:00", "url": URL},
    "unknown_account": {"url": URL},
    "confirm_new_address": {"url": URL, "expires_on": "2026-11-24"},
    "consultation_booked": A_TALK,
    "consultation_moved": A_TALK,
    "consultation_cancelled": {"starts_at": A_TALK["starts_at"], "is_rendered": False, "is_owed_back": False, "url": URL},
    "consultation_tomorrow": A_TALK,
    "consultation_soon": A_TALK,
    "payment_noted": {"url": URL},
    "came_back": {"is_over": False, "url": URL},
    "payment_owed_back": {"number": "8F3A01BC", "url": URL},
    "paid_back": {
        "number": "8F3A01BC", "sum": "5 000 ₸", "paid_on": "2026-11-21", "reference": "Kaspi 118", "url": URL,
    },
    "conclusion_sent": {"url": URL},
    "not_reached": {"claim_until": "2026-11-28", "url": URL},
    "claim_answered": {"is_upheld": True, "is_owed_back": True, "url": URL},
    "claim_about_you": {"registered_on": "2026-11-21"},
    "claim_letter": {
        "subject": "Документы получены", "body": "Мы получили все документы.", "number": "26-000123-4", "url": URL,
    },
    "activated_notice_to_contact": {"product": "Nomad Life", "activated_on": "2026-11-21", "phone": "22-58"},
}  # fmt: skip


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.DEFAULT_FROM_EMAIL = "127.0.0.1", server.port, "p@mp.example"
    yield server
    server.stop()


@pytest.fixture
def sms_gateway(settings: Any) -> Iterator[SmsGateway]:
    gateway = SmsGateway()
    gateway.start()
    settings.SMS_GATEWAY, settings.SMSC_URL = "smsc", gateway.url
    settings.SMSC_LOGIN, settings.SMSC_PASSWORD = LOGIN, PASSWORD
    yield gateway
    gateway.stop()


def write(kind: str = "password_changed", to: str = "aigul@example.kz", **changes: Any) -> Notice:
    """A message as a caller posts it."""
    facts = FACTS[kind] | {"brand": BRAND} | changes.pop("context", {})
    notice = post(kind, to=to, language=changes.pop("language", "ru"), context=facts, **changes)
    assert notice is not None
    return notice


def write_sms(to: str = "+77012344567", **changes: Any) -> Notice:
    return write("proof_code", to=to, channel="sms", **changes)
