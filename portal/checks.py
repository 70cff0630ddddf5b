"""What must be true of the whole installation before it serves people. Numbered; docs/notes/checks.md lists all of ours."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.checks import CheckMessage, Error, Warning
from django.core.files.storage import storages

SAMPLES = ("change", "sample", "example", "insecure", "only", "secret", "password")


def check_exposure(**kwargs: Any) -> list[CheckMessage]:
    """What a stranger could turn against us."""
    found: list[CheckMessage] = []
    if settings.DEMO:
        hint = "In DEMO a printed link stands for the second factor, and cookies are plain."
        found.append(Error("DEMO is on.", hint, id="portal.E001"))
    if any(word in settings.SECRET_KEY.lower() for word in SAMPLES):
        found.append(Error("SECRET_KEY looks like a sample: its words stand in it.", id="portal.E002"))
    if "*" in settings.ALLOWED_HOSTS:
        hint = "Name the hosts of the insurers and the one that probes use inside."
        found.append(Error("ALLOWED_HOSTS lets every Host header through.", hint, id="portal.E003"))
    if settings.HTTPS and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        hint = "Somebody ends TLS before us: unknown to us, all people share that one's address, and so its limits."
        found.append(Error("PUBLIC_URL is https, but TRUSTED_PROXY_COUNT is 0.", hint, id="portal.E004"))
    return found


def check_stores(**kwargs: Any) -> list[CheckMessage]:
    """What a process would miss only when somebody needs it."""
    found: list[CheckMessage] = []
    if settings.CACHES["default"]["BACKEND"] != "django.core.cache.backends.db.DatabaseCache":
        hint = "allauth counts tries there: anything else forgets them, or counts them in each process by itself."
        found.append(Error("The default cache does not live in PostgreSQL.", hint, id="portal.E005"))
    if not settings.CELERY_BROKER_URL:
        found.append(Error("REDIS_URL is not set: no worker would hear anything.", id="portal.E006"))
    if not Path(settings.STATIC_ROOT, ManifestFilesMixin.manifest_name).exists():
        hint = "Run manage.py collectstatic."
        found.append(Error("STATIC_ROOT holds no manifest: every page would be an error.", hint, id="portal.E007"))
    for place in ("originals", "derivatives"):
        if not os.access(storages[place].path(""), os.W_OK | os.X_OK):
            found.append(Error(f"{place.upper()}_DIR is not there or may not be written.", id="portal.E008"))
    return found


def check_watching(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.LOG_FORMAT != "json":
        hint = "Only the JSON lines leave out what exceptions quote and blacken what looks like a person."
        found.append(Warning("LOG_FORMAT is not json.", hint, id="portal.W001"))
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < LEAST_TOKEN:
        found.append(Warning(f"METRICS_TOKEN is shorter than {LEAST_TOKEN} characters.", id="portal.W002"))
    return found


LEAST_TOKEN = 32
