"""Where registers and documents lie while a test runs."""

from pathlib import Path

import pytest
from django.core.files.storage import storages

from core.whole_files import WholeFileStorage
from policies.models import Document, Register


def lie_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The models have looked for their storage already, and whoever asks for it by name must find the same."""
    storage = WholeFileStorage(location=folder)
    monkeypatch.setitem(storages._storages, "originals", storage)
    for model in (Document, Register):
        monkeypatch.setattr(model._meta.get_field("file"), "storage", storage)
