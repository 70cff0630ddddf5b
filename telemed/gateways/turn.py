"""The relay of sound and picture (coturn): credentials that it judges by itself, without asking us.

Its `use-auth-secret`: the name is the end of its life and an opaque id, the password a MAC of the name under the secret
that both know. Nobody is told who talks: the id is of a room's side, so that coturn's quota is of one person.
"""

import base64
import hmac
from datetime import datetime
from typing import Any

from django.conf import settings


def ice_servers(room: str, side: str, *, until: datetime) -> list[dict[str, Any]]:
    """As RTCPeerConnection takes them; nothing where no relay is set up. `until`: when the credentials end."""
    if not settings.TURN_URLS:
        return []
    name = f"{int(until.timestamp())}:{_mac('sha256', f'{room}:{side}').hex()[:24]}"
    password = base64.b64encode(_mac("sha1", name)).decode()  # coturn knows SHA-1 alone; a MAC needs no more
    return [{"urls": settings.TURN_URLS, "username": name, "credential": password}]


def _mac(digest: str, words: str) -> bytes:
    return hmac.digest(settings.TURN_SECRET.encode(), words.encode(), digest)
