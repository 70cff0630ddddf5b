"""PDF as scanners, laboratories and attackers make them. Each is built here; none is stored."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from tests.core.uploads.pictures import MARK

RUNS = f"app.alert('{MARK.decode()}')"


def pdf(change: Callable[[Pdf], object] = lambda document: None, *, pages: int = 1, **options: Any) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    change(document)
    file = io.BytesIO()
    document.save(file, **options)
    return file.getvalue()


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(RUNS))


def launch() -> Dictionary:
    return Dictionary(S=Name.Launch, F=String(f"{MARK.decode()}.exe"))


def annotated(action: Dictionary, **facts: Any) -> bytes:
    def annotate(document: Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 100, 100], A=action, **facts)
        document.pages[0].Annots = document.make_indirect(Array([document.make_indirect(link)]))

    return pdf(annotate)


def with_root(**facts: Any) -> bytes:
    def write(document: Pdf) -> None:
        for key, value in facts.items():
            document.Root[Name("/" + key)] = value

    return pdf(write)


def with_page(**facts: Any) -> bytes:
    def write(document: Pdf) -> None:
        for key, value in facts.items():
            document.pages[0].obj[Name("/" + key)] = value

    return pdf(write)


def with_named_script() -> bytes:
    return with_root(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()]))))


def with_a_chain_of_actions() -> bytes:
    harmless = Dictionary(S=Name.Named, N=Name.NextPage, Next=Array([launch(), script()]))
    return annotated(harmless)


def with_attached_program() -> bytes:
    def attach(document: Pdf) -> None:
        document.attachments["payload.exe"] = b"MZ" + MARK

    return pdf(attach)


def with_a_paper_clip() -> bytes:
    """A file that hangs at a page."""

    def attach(document: Pdf) -> None:
        file = document.make_stream(b"MZ" + MARK)
        spec = Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=file))
        clip = Dictionary(
            Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9], FS=document.make_indirect(spec)
        )
        document.pages[0].Annots = Array([document.make_indirect(clip)])
        document.Root.AF = Array([spec])

    return pdf(attach)


def with_a_living_form() -> bytes:
    def write(document: Pdf) -> None:
        template = document.make_stream(f"<xdp><script>{RUNS}</script></xdp>".encode())
        field = Dictionary(FT=Name.Tx, T=String("a"), V=String("Айгуль"), AA=Dictionary(K=script()))
        document.Root.AcroForm = Dictionary(XFA=template, Fields=Array([document.make_indirect(field)]))

    return pdf(write)


def with_rich_media() -> bytes:
    return annotated(
        Dictionary(S=Name.RichMediaExecute), Subtype2=Name.RichMedia, AA=Dictionary(PV=script())
    )  # fmt: skip


def with_a_password() -> bytes:
    return pdf(encryption=pikepdf.Encryption(user="1950", owner="1950"))


def that_may_not_be_printed() -> bytes:
    """As laboratories save their results: it opens without a password."""
    return pdf(encryption=pikepdf.Encryption(user="", owner="lab", allow=pikepdf.Permissions(print_highres=False)))


# ── What unpacks ─────────────────────────────────────────────────────────────
def that_unpacks_to(size: int, *, times: int = 1) -> bytes:
    """`times`: how often one packing lies in another."""
    packed = b" " * size
    for _ in range(times):
        packed = zlib.compress(packed, 9)

    def write(document: Pdf) -> None:
        page = document.make_stream(b"")
        page.write(packed, filter=Array([Name.FlateDecode] * times))
        document.pages[0].Contents = page

    return pdf(write, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)


def that_unpacks_in_parts(size: int, parts: int) -> bytes:
    """Each of them is small enough."""

    def write(document: Pdf) -> None:
        document.pages[0].Contents = Array([document.make_stream(b" " * size) for _ in range(parts)])

    return pdf(write)


# ── What is written by hand ──────────────────────────────────────────────────
def written(*objects: bytes, root: int = 1) -> bytes:
    """Without a table of its objects: readers mend that."""
    body = b"".join(b"%d 0 obj\n%b\nendobj\n" % (number, content) for number, content in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"trailer\n<< /Root %d 0 R >>\n%%%%EOF\n" % root


def whose_pages_are_their_own_parents() -> bytes:
    return written(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R 2 0 R] >>",
        b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>",
    )


def nested(depth: int) -> bytes:
    return written(b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * depth + b"]" * depth + b" >>", b"<< /Kids [] >>")


def without_pages() -> bytes:
    return written(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 0 /Kids [] >>")


def with_a_torn_table() -> bytes:
    """The offsets are wrong by a hundred, as after a mail program that counted line ends."""
    content = pdf(with_text)
    start, _, end = content.rpartition(b"startxref\n")
    return start.replace(b"%PDF-", b"%PDF-", 1) + b"startxref\n" + b"100" + end[end.index(b"\n") :]


def with_text(document: Pdf) -> None:
    document.pages[0].Contents = document.make_stream(b"BT /F1 12 Tf (Diagnosis) Tj ET")
