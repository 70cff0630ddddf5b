"""PDF: read, everything that acts or brings files along taken out, and written anew (U4)."""

from pathlib import Path
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from pikepdf.sanitize import Sanitizer

from core.uploads.inspection import MOST_INFLATED, MOST_PAGES, Kind, Refusal, Refused

# Beside what the library takes out: whatever runs when something is opened, and forms in a language of their own.
ACTING = (Name.OpenAction, Name.AA, Name.XFA)

# One stream alone may be a bomb, and qpdf would hold it whole before its size is known.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MOST_INFLATED, run_length_max_memory=MOST_INFLATED, png_max_memory=MOST_INFLATED,
    tiff_max_memory=MOST_INFLATED,
)  # fmt: skip


def clean_pdf(source: BinaryIO, copy: Path) -> Kind:
    """A file that opens without a password is read, also where its author forbade to print it. Raise Refused."""
    try:
        with pikepdf.open(source) as pdf:
            check(pdf)
            take_out_what_acts(pdf)
            pdf.save(copy, encryption=False, compress_streams=True)
    except pikepdf.PasswordError:
        raise Refused(Refusal.ENCRYPTED) from None
    except (MemoryError, pikepdf.DataDecodingError):
        raise Refused(Refusal.TOO_HEAVY) from None
    except Refused:
        raise
    except Exception:  # whatever the reader stumbles over
        raise Refused(Refusal.BROKEN) from None
    return Kind.PDF


def check(pdf: Pdf) -> None:
    """Raise Refused."""
    if not pdf.pages:
        raise Refused(Refusal.BROKEN)
    if len(pdf.pages) > MOST_PAGES:
        raise Refused(Refusal.TOO_MANY_PAGES)
    inflated = 0
    for item in pdf.objects:
        if isinstance(item, Stream):
            inflated += inflated_size(item)
            if inflated > MOST_INFLATED:
                raise Refused(Refusal.TOO_HEAVY)


def inflated_size(stream: Stream) -> int:
    """Bytes. A picture that the library does not unpack counts as it lies there."""
    try:
        return len(stream.get_stream_buffer(pikepdf.StreamDecodeLevel.generalized))
    except pikepdf.DataDecodingError:
        raise
    except pikepdf.PdfError:
        return len(stream.get_raw_stream_buffer())


def take_out_what_acts(pdf: Pdf) -> None:
    cleaner = Sanitizer().remove_javascript().remove_external_access().remove_attachments().remove_multimedia()
    cleaner.remove_collection().remove_private_app_data().remove_web_capture().apply(pdf)
    for item in pdf.objects:
        drop_acting(item)


def drop_acting(item: Object) -> None:
    """Also out of what is written inside others. An object of the file is met once, so no circle leads back."""
    waiting = [item]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Dictionary | Stream):
            for key in ACTING:
                if key in found:
                    del found[key]
            waiting += [value for _name, value in found.items() if is_written_inside(value)]
        elif isinstance(found, Array):
            waiting += [value for value in found if is_written_inside(value)]


def is_written_inside(value: object) -> bool:
    return isinstance(value, Dictionary | Array) and not value.is_indirect
