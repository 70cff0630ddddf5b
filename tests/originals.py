"""Where registers, documents and sent files lie while a test runs."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from core.models import Upload
from core.whole_files import WholeFileStorage
from policies.models import Document, Register
from telemed.models import ConclusionDocument

FILES = ((Document, "file"), (Register, "file"), (ConclusionDocument, "file"), (Upload, "original"))
ORIGINALS = [model._meta.get_field(name) for model, name in FILES]
DERIVATIVES = [Upload._meta.get_field("derivative")]


def lie_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The originals."""
    lie("originals", folder, ORIGINALS, monkeypatch)


def lie(name: str, folder: Path, fields: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The models have looked for their storage already, and whoever asks for it by name must find the same."""
    storage = WholeFileStorage(location=folder, allow_overwrite=storages[name]._allow_overwrite)
    monkeypatch.setitem(storages._storages, name, storage)
    for field in fields:
        monkeypatch.setattr(field, "storage", storage)
