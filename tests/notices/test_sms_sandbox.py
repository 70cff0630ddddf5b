"""The demo's inbox of SMS."""

import json
from pathlib import Path
from typing import Any

import pytest

from notices.gateways.base import Temporary
from notices.gateways.sms_sandbox import SmsSandbox
from tests.notices.test_smsc import sms


def test_a_message_becomes_one_file_however_often_it_is_sent(tmp_path: Path, settings: Any) -> None:
    settings.SMS_SANDBOX_DIR = tmp_path / "new"
    message = sms()
    with SmsSandbox() as gateway:
        gateway.deliver(message)
        gateway.deliver(message)
    (file,) = (tmp_path / "new").iterdir()
    record = json.loads(file.read_text())
    assert (record["to"], record["text"], record["parts"]) == (message.to, message.text, 1)
    assert file.name == f"{message.key}.json"


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.SMS_SANDBOX_DIR = tmp_path / "file"
    with pytest.raises(Temporary) as raised:
        SmsSandbox().deliver(sms())
    assert raised.value.everyone
