from typing import Any

from django.conf import settings
from django.urls import reverse


def public_url(name: str, *args: Any) -> str:
    """A link for a letter. The host is a setting: a forged Host header must not reach anybody's inbox."""
    return settings.PUBLIC_URL.rstrip("/") + reverse(name, args=args)
