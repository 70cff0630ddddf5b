"""What a PDF says and how it is built, as pypdf reads it; and the facts of a sample."""

import io
from typing import Any

from pypdf import PdfReader

from core.brand import face_on_paper

APPENDIX = "documents/appendix_1/personal-doctor.html"
FACTS: dict[str, Any] = {
    "face": face_on_paper("Казахинстрах", {}),
    "product": "Личный врач",
    "policy_number": "КИ-204-118734",
    "insured": "Әбенова Қарлығаш",
    "activated_on": "2025-03-01",
    "waiting_days": 15,
    "wait_until": "2025-03-15",
    "cover_from": "2025-03-16",
    "cover_until": "2026-03-15",
    "contacts": [
        {"label": "Колл-центр", "phone": "+7 (727) 258-18-00", "email": "", "hours": "круглосуточно", "note": ""}
    ],
}


def read(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document), strict=True)


def text_of(document: bytes) -> str:
    """On one line: where a line breaks is the layout's."""
    return " ".join(" ".join(page.extract_text() for page in read(document).pages).split())


def catalog_of(document: bytes) -> Any:
    """Where a PDF says of itself as a whole what it is."""
    return read(document).trailer["/Root"]


def fonts_of(document: bytes) -> set[str]:
    """Their names without the mark of a part («ABCDEF+»)."""
    resources: list[Any] = [page["/Resources"] for page in read(document).pages]
    fonts = [font.get_object() for resource in resources for font in resource["/Font"].values()]
    return {font["/BaseFont"].partition("+")[2] for font in fonts}
