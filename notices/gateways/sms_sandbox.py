"""SMS for the laptop: each message becomes a file that the demo's inbox shows. Nothing leaves the machine."""

import json
import os
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from notices.gateways.base import Accepted, Connectionless, Message, Temporary
from notices.rules import sms_parts


class SmsSandbox(Connectionless):
    def deliver(self, message: Message) -> Accepted:
        """One file a message, named by its key: a repeat overwrites. Written aside first, so readers see it whole."""
        folder = Path(settings.SMS_SANDBOX_DIR)
        aside = folder / f".{message.key}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(_record(message), ensure_ascii=False), encoding="utf-8")
            os.replace(aside, folder / f"{message.key}.json")
        except OSError as error:
            raise Temporary(f"cannot write the file: {type(error).__name__}", everyone=True) from error
        return Accepted(provider_id=message.key, answer="written to the sandbox")


def _record(message: Message) -> dict[str, str | int]:
    return {
        "id": message.key,
        "to": message.to,
        "sender": message.sender,
        "text": message.text,
        "parts": sms_parts(message.text),
        "at": timezone.now().isoformat(),
    }
