"""The environment in which the product runs on a laptop: the only place that invents values for its settings."""

import os
from pathlib import Path

from dev import memory, system

NAMES_TO_KEEP = ("PATH", "HOME", "LANG", "TERM", "TZ", "TMPDIR", "CI")  # the rest of a person's shell stays out


def kept() -> dict[str, str]:
    return {name: os.environ[name] for name in NAMES_TO_KEEP if name in os.environ}


def product(state: Path, urls: dict[str, str], public_url: str) -> dict[str, str]:
    """What every process of the product gets; `urls` are those of PostgreSQL and Valkey."""
    return {
        **kept(),
        **system.unpacked_environment(),
        **urls,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": memory.secret(state, "secret-key"),
        "PUBLIC_URL": public_url,
        "LOG_FORMAT": "plain",
        "PORTAL_PHONE": "+7 (727) 258-18-00",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,.localhost,testserver",
        "ORIGINALS_DIR": str(state / "originals"),
        "DERIVATIVES_DIR": str(state / "derivatives"),
        "STATIC_ROOT": str(state / "static"),
        "SMS_SANDBOX_DIR": str(state / "inbox/sms"),
    }


def demo(
    state: Path, urls: dict[str, str], *, public_url: str, smtp_port: int, inbox_url: str, identity_port: int
) -> dict[str, str]:  # fmt: skip
    return {
        **product(state, urls, public_url),
        "DEMO": "1",
        "LIVE": "1",
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "INBOX_URL": inbox_url,
        "SEALS_DIR": str(state / "seals"),
        # dev.identity
        "NATIONAL_ID_ISSUER": f"http://localhost:{identity_port}",
        "NATIONAL_ID_NAME": "Digital ID",
        "NATIONAL_ID_CLIENT": "portal",
        "NATIONAL_ID_SECRET": "invented",
    }
