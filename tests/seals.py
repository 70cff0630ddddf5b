"""A folder with a seal, and what a reader of PDF says of one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import PdfSignatureStatus, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from dev.seal import invent

BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
LASTS = timedelta(days=3650)


@pytest.fixture
def seals(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the seals; still empty."""
    folder = tmp_path_factory.mktemp("seals")
    settings.SEALS_DIR = str(folder)
    return folder


def a_seal(
    folder: Path, organisation: str = "dariger", *, holder: str = "ТОО «Дәрігер»", since: datetime = BEGAN,
    lasts: timedelta = LASTS,
) -> Path:  # fmt: skip
    return invent(folder, organisation, holder, since=since, lasts=lasts)


def seals_of(document: bytes) -> int:
    return len(PdfFileReader(BytesIO(document)).embedded_signatures)


def verdict(document: bytes, *, trusting: bytes = b"") -> PdfSignatureStatus:
    """As a program says that trusts the certificate of this document alone, or of another one."""
    (signature,) = PdfFileReader(BytesIO(document)).embedded_signatures
    (trusted,) = PdfFileReader(BytesIO(trusting or document)).embedded_signatures
    context = ValidationContext(trust_roots=[trusted.signer_cert], moment=BEGAN + LASTS / 2, allow_fetching=False)
    with ThreadPoolExecutor(max_workers=1) as aside:  # this thread has a loop where a browser's story ran before
        return aside.submit(validate_pdf_signature, signature, context).result()
