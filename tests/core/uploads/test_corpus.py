"""Seventy files that lie, carry more than they show or unpack without end: each is refused, or a clean copy is left."""

import io
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from core.uploads import inspector
from core.uploads.inspection import MIB, Kind, Refusal
from tests.core.uploads import pictures
from tests.core.uploads.corpus import CORPUS, Build
from tests.core.uploads.pictures import GPS, MARK, jpeg, png
from tests.core.uploads.verdicts import Costs, Verdict, verdict_on
from tests.waiting import wait_until

MOST_SECONDS, MOST_MEMORY = 20, 1024 * MIB
ACTS = (
    "/JavaScript",
    "/JS",
    "/OpenAction",
    "/AA",
    "/Launch",
    "/XFA",
    "/EmbeddedFile",
    "/EF",
    "/URI",
    "/SubmitForm",
    "/GoToR",
)


@pytest.fixture
def costs(monkeypatch: pytest.MonkeyPatch) -> Costs:
    found = Costs()
    monkeypatch.setattr(inspector.subprocess, "run", found.run)
    return found


@pytest.mark.long
@pytest.mark.parametrize(("build", "expected"), CORPUS.values(), ids=CORPUS.keys())
def test_each_is_refused_or_leaves_a_clean_copy(build: Build, expected: Verdict, costs: Costs) -> None:
    verdict, copy = verdict_on(build())
    assert verdict == expected
    assert MARK not in copy
    if verdict == Kind.PDF:
        assert acting_in(copy) == []
    elif copy:
        assert carried_by(copy) == {}
    assert 0 < costs.seconds <= MOST_SECONDS
    assert 0 < costs.memory <= MOST_MEMORY


def test_there_are_forty_and_more_of_every_sort() -> None:
    assert len(CORPUS) >= 40
    assert {expected for _build, expected in CORPUS.values()} == {*Kind, *Refusal} - {Refusal.INFECTED, Refusal.FAILED}


def acting_in(copy: bytes) -> list[str]:
    """Names of what runs, leads away or brings a file along, wherever it stands in the copy."""
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(copy)) as document:
        document.save(plain, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    text = plain.getvalue()
    assert MARK not in text
    return [name for name in ACTS if f"{name} ".encode() in text]


def carried_by(copy: bytes) -> dict[str, Any]:
    """What a picture says beside its pixels."""
    with Image.open(io.BytesIO(copy)) as picture:
        picture.load()
        assert getattr(picture, "n_frames", 1) == 1
        assert not picture.getexif()
        usual = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}  # which every JPEG has
        return {str(name): value for name, value in picture.info.items() if name not in usual}


# ── Controls: what is taken out was there, and is found where it is left ─────
def test_what_must_not_be_in_a_copy_is_found_in_what_was_sent() -> None:
    for name in (
        "a jpeg that is a page behind its end",
        "a jpeg with the place where it was taken",
        "a png that talks",
    ):
        assert MARK in CORPUS[name][0]()
    with Image.open(io.BytesIO(pictures.jpeg_from_a_phone())) as picture:
        assert picture.getexif().get_ifd(GPS)
    for name, (build, verdict) in CORPUS.items():
        if verdict == Kind.PDF and name.startswith("a pdf with a script"):
            with pytest.raises(AssertionError):
                acting_in(build())


def test_a_library_that_only_looks_lets_the_page_behind_a_picture_through() -> None:
    content = jpeg() + pictures.SCRIPT
    with Image.open(io.BytesIO(content)) as picture:
        picture.verify()
    assert content.endswith(pictures.SCRIPT)


def test_copying_the_pages_alone_leaves_what_runs() -> None:
    source, copy = io.BytesIO(CORPUS["a pdf whose page runs"][0]()), io.BytesIO()
    with pikepdf.open(source) as sent, pikepdf.new() as document:
        document.pages.extend(sent.pages)
        document.save(copy)
    with pytest.raises(AssertionError):
        acting_in(copy.getvalue())


# ── The pictures themselves are what they were ───────────────────────────────
def seen(content: bytes) -> Image.Image:
    _verdict, copy = verdict_on(content)
    picture = Image.open(io.BytesIO(copy))
    picture.load()
    return picture


def test_a_picture_that_lay_on_its_side_stands_upright() -> None:
    upright = seen(pictures.jpeg_from_a_phone())
    assert upright.size == (40, 60)
    assert upright.convert("L").getpixel((20, 2)) != upright.convert("L").getpixel((20, 57))


def test_sixteen_bits_become_their_upper_eight_and_not_white() -> None:
    assert seen(pictures.png_with_deep_greys()).getpixel((1, 1)) == 156


def test_holes_stay_holes_and_frames_become_the_first() -> None:
    assert seen(png("P", transparency=3)).mode == "RGBA"
    assert seen(pictures.png_that_moves()).getpixel((1, 1)) != (255, 0, 0)


def test_ink_becomes_light() -> None:
    left, right = (seen(pictures.jpeg_in_ink()).convert("L").getpixel((x, 20)) for x in (2, 57))
    before = pictures.drawing("CMYK").convert("L")
    assert abs(left - before.getpixel((2, 20))) < 8  # type: ignore[operator]
    assert abs(right - before.getpixel((57, 20))) < 8  # type: ignore[operator]


def test_the_words_of_a_paper_and_what_was_typed_into_its_form_stay() -> None:
    _verdict, copy = verdict_on(CORPUS["a pdf with a living form"][0]())
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert str(document.Root.AcroForm.Fields[0].V) == "Айгуль"


# ── The largest that are taken ───────────────────────────────────────────────
@pytest.mark.long
@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA"])
def test_fifty_megapixels_fit(mode: str, costs: Costs) -> None:
    assert verdict_on(pictures.png_of(50_000_000, mode))[0] == Kind.PNG
    assert costs.seconds <= MOST_SECONDS
    assert costs.memory <= MOST_MEMORY


@pytest.mark.long
def test_a_noisy_photo_of_fifty_megapixels_fits(costs: Costs) -> None:
    noise = Image.effect_noise((10_000, 5_000), 60)
    photo = Image.merge("RGB", [noise, noise.transpose(Image.Transpose.FLIP_LEFT_RIGHT), noise])
    content = pictures.saved(photo, "JPEG", quality=30, icc_profile=pictures.wide_profile(), exif=pictures.lying())
    assert verdict_on(content)[0] == Kind.JPG
    assert costs.seconds <= MOST_SECONDS
    assert costs.memory <= MOST_MEMORY


# ── The walls around the decoder ─────────────────────────────────────────────
def in_the_child(monkeypatch: pytest.MonkeyPatch, code: str) -> Verdict:
    """What is decided when the decoder does this instead."""
    real = subprocess.run
    hijacked = "from core.uploads.inspection.confinement import confine; confine(); " + code

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        return real([command[0], "-c", hijacked, *command[3:]], **options)

    monkeypatch.setattr(inspector.subprocess, "run", run)
    return verdict_on(jpeg())[0]


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.kill(os.getpid(), 11)",  # a decoder that breaks
        "x = bytearray(1100 * 1024 * 1024)",
        "open(__import__('sys').argv[1], 'wb').write(bytes(129 * 1024 * 1024))",
        "raise SystemExit(1)",
        "print('pdf', file=__import__('sys').stderr)",
        "print('clean')",
        "print('x' * 1_000_000)",
    ],
)  # fmt: skip
def test_a_decoder_that_breaks_or_talks_nonsense_has_refused(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_the_child(monkeypatch, code) == Refusal.FAILED


def test_a_decoder_dies_with_its_worker() -> None:
    works = "from core.uploads.inspection.confinement import confine; import time; confine(); print(flush=True); time.sleep(600)"
    starts = f"import subprocess as s, sys; p = s.Popen([sys.executable, '-c', {works!r}]); print(p.pid, flush=True); p.wait()"
    with subprocess.Popen([sys.executable, "-c", starts], stdout=subprocess.PIPE, text=True) as worker:
        said = [worker.stdout.readline() for _ in range(2)]
        decoder = Path("/proc", "".join(said).strip())
        assert decoder.exists()
        worker.kill()
    wait_until(lambda: is_gone(decoder), "the decoder ends")


def is_gone(process: Path) -> bool:
    """Also when nobody has fetched its result yet."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


@pytest.mark.long
def test_a_decoder_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    began = seconds_of_children()
    assert in_the_child(monkeypatch, "any(False for _ in iter(int, 1))") == Refusal.FAILED
    assert seconds_of_children() - began > MOST_SECONDS / 2  # it did work, and longer than any file may


def seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_decoder_finds_neither_a_secret_nor_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes it over asks its environment. It says «dicom» where it knows what it has to and no more."""
    monkeypatch.setenv("SECRET_KEY", "not for strangers")
    asks = "import os, sys; sys.stdout.write('dicom' if set(os.environ) <= {'TMPDIR', 'HOME', 'LANG'} else '')"
    assert in_the_child(monkeypatch, asks) == Refusal.DICOM


def test_nothing_is_left_of_an_inspection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    verdict_on(jpeg())
    verdict_on(b"MZ")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_worker_left_is_wiped_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left, at_work, others = (tmp_path / name for name in (f"{inspector.PREFIX}a", f"{inspector.PREFIX}b", "c"))
    for folder in (left, at_work, others):
        folder.mkdir()
        (folder / "sent").write_bytes(jpeg())
    for folder in (left, others):
        os.utime(folder, (0, 0))
    verdict_on(b"MZ")
    assert sorted(tmp_path.iterdir()) == sorted([at_work, others])
