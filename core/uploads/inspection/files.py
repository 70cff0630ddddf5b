"""Which decoder a file is given to. It begins as one of ours, and then has to be decoded as such: a name proves nothing."""

from pathlib import Path
from typing import BinaryIO

from core.uploads.inspection import Kind, Refusal, Refused

JPEG_BEGINS, PNG_BEGINS = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
DICOM_AT, DICOM_MARK = 128, b"DICM"
PDF_MARK, PDF_WITHIN = b"%PDF-", 1024  # bytes: scanners write something of their own before it


def clean_copy(source: BinaryIO, copy: Path) -> Kind:
    """Write the copy and say its kind. Raise Refused."""
    start = source.read(PDF_WITHIN)
    source.seek(0)
    if is_picture(start):
        from core.uploads.inspection.pictures import clean_picture

        return clean_picture(source, copy)
    if start[DICOM_AT:].startswith(DICOM_MARK):
        raise Refused(Refusal.DICOM)
    if PDF_MARK in start:
        from core.uploads.inspection.pdfs import clean_pdf

        return clean_pdf(source, copy)
    raise Refused(Refusal.KIND)


def is_picture(start: bytes) -> bool:
    is_heif = start[4:8] == b"ftyp" and start[8:12] in HEIF_BRANDS
    return is_heif or start.startswith((JPEG_BEGINS, PNG_BEGINS))
