"""What the postman and the telephone bring: letters by a real SMTP server, SMS from the sandbox's folder."""

import json
import re
from email.message import EmailMessage
from pathlib import Path

from django.utils import timezone

from notices.services import deliver_batch
from tests.peers.smtp import MailServer

LINK = re.compile(r"^http\S+$", re.MULTILINE)
LINK_IN_SMS = re.compile(r"http\S+")
WORDS = re.compile(".+", re.DOTALL)
CODE = re.compile(r"\b\d{6}\b")


class Post:
    """The worker makes a round whenever somebody looks."""

    def __init__(self, server: MailServer, sms: Path) -> None:
        self.server = server
        self._sms = sms

    def letter_to(self, address: str) -> EmailMessage:
        """The newest."""
        self.bring()
        return [letter for letter in self.server.letters if letter["To"] == address][-1]

    def link_to(self, address: str) -> str:
        text = self.letter_to(address).get_body(("plain",))
        assert text
        (link,) = LINK.findall(text.get_content().replace("\r", ""))
        return str(link)

    def code_in_letter_to(self, address: str) -> str:
        text = self.letter_to(address).get_body(("plain",))
        assert text
        found = CODE.search(text.get_content())
        assert found
        return found[0]

    def code_to(self, phone: str) -> str:
        return self._in_sms_to(phone, CODE)

    def link_in_sms_to(self, phone: str) -> str:
        return self._in_sms_to(phone, LINK_IN_SMS)

    def sms_to(self, phone: str) -> str:
        """The newest."""
        return self._in_sms_to(phone, WORDS)

    def _in_sms_to(self, phone: str, wanted: re.Pattern[str]) -> str:
        """In the newest that has one."""
        self.bring()
        messages = [json.loads(file.read_text()) for file in self._sms.glob("*.json")]
        found = [(sms["at"], wanted.search(sms["text"])) for sms in messages if sms["to"] == phone]
        _at, newest = max(((at, match) for at, match in found if match), key=lambda sms: sms[0])
        return newest[0]

    def bring(self) -> None:
        deliver_batch(now=timezone.now())
