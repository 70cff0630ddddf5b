"""A document under the seal of its organisation: whoever changes a byte of it is found out; where none lies, none is there."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from core.checks import check_seals
from core.documents import render, sealed
from core.documents.seals import SealUnusable, opened, seal_of
from dev.seal import invent
from tests.documents import APPENDIX, FACTS, catalog_of, text_of
from tests.seals import a_seal, verdict

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
HOLDER = "ТОО «Дәрігер»"


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return render(APPENDIX, FACTS, language="kk")


# ── Sealed ───────────────────────────────────────────────────────────────────
def test_a_sealed_document_verifies_and_says_whose_it_is_and_when_it_was_sealed(seals: Path, drawn: bytes) -> None:
    a_seal(seals, holder=HOLDER)
    document, seal = sealed(drawn, "dariger", now=NOW)
    found = verdict(document)
    assert seal is not None
    assert (found.intact, found.valid, found.trusted, found.docmdp_ok) == (True, True, True, True)
    assert found.signing_cert.subject.native["organization_name"] == seal.holder == HOLDER
    assert found.signing_cert.sha256.hex() == seal.certificate
    assert found.signer_reported_dt == NOW


def test_what_was_drawn_stands_before_the_seal_unchanged_and_as_readable(seals: Path, drawn: bytes) -> None:
    a_seal(seals)
    document, _seal = sealed(drawn, "dariger", now=NOW)
    assert document.startswith(drawn)
    assert text_of(document) == text_of(drawn)
    assert catalog_of(document)["/MarkInfo"]["/Marked"]
    assert catalog_of(document)["/Lang"] == "kk"


def test_every_changed_byte_of_what_was_drawn_is_noticed(seals: Path, drawn: bytes) -> None:
    a_seal(seals)
    document, _seal = sealed(drawn, "dariger", now=NOW)
    place = document.index(b"/Title")
    changed = document[: place + 1] + b"t" + document[place + 2 :]
    assert not verdict(changed).intact
    assert verdict(document).intact  # the control


def test_what_is_added_afterwards_is_noticed_too(seals: Path, drawn: bytes) -> None:
    a_seal(seals)
    document, _seal = sealed(drawn, "dariger", now=NOW)
    writer, added = IncrementalPdfFileWriter(BytesIO(document)), BytesIO()
    writer.root["/PageLayout"] = writer.root["/Lang"]
    writer.update_root()  # type: ignore[no-untyped-call]
    writer.write(added)  # type: ignore[no-untyped-call]
    found = verdict(added.getvalue())
    assert found.intact
    assert not found.docmdp_ok
    assert not found.bottom_line


def test_another_organisation_cannot_pass_for_this_one(seals: Path, drawn: bytes) -> None:
    """Whoever trusts one certificate alone: the other's seal is sound and nobody's."""
    a_seal(seals)
    a_seal(seals, "other")
    document, _seal = sealed(drawn, "other", now=NOW)
    ours, _same = sealed(drawn, "dariger", now=NOW)
    found = verdict(document, trusting=ours)
    assert (found.intact, found.trusted) == (True, False)


# ── Not sealed ───────────────────────────────────────────────────────────────
def test_without_a_folder_or_without_a_file_of_its_own_a_document_stays_as_it_is(
    settings: Any, seals: Path, drawn: bytes
) -> None:
    a_seal(seals, "other")
    assert sealed(drawn, "dariger", now=NOW) == (drawn, None)
    settings.SEALS_DIR = ""
    assert sealed(drawn, "other", now=NOW) == (drawn, None)


@pytest.mark.parametrize(
    ("at", "is_in_time"),
    [
        (NOW - timedelta(seconds=1), False),
        (NOW, True),
        (NOW + timedelta(days=10, seconds=-1), True),
        (NOW + timedelta(days=10), False),
    ],
)
def test_a_certificate_seals_from_its_first_instant_to_its_last(seals: Path, at: datetime, is_in_time: bool) -> None:
    a_seal(seals, since=NOW, lasts=timedelta(days=10))
    if is_in_time:
        assert seal_of("dariger", now=at)
        return
    with pytest.raises(SealUnusable, match=r"from 01\.06\.2026 to 11\.06\.2026"):
        seal_of("dariger", now=at)


# ── Before the start ─────────────────────────────────────────────────────────
def ids() -> list[str | None]:
    return [message.id for message in check_seals()]


def test_a_house_without_seals_and_one_with_a_good_one_start(settings: Any, seals: Path) -> None:
    invent(seals, "dariger", HOLDER)
    assert ids() == []
    settings.SEALS_DIR = ""
    assert ids() == []


def test_a_wrong_folder_stops_at_the_check(settings: Any, seals: Path) -> None:
    settings.SEALS_DIR = str(seals / "nowhere")
    assert ids() == ["core.E006"]


def test_a_wrong_password_stops_at_the_check_and_seals_nothing(seals: Path, drawn: bytes) -> None:
    a_seal(seals).with_suffix(".password").write_text("another")
    assert ids() == ["core.E007"]
    with pytest.raises(SealUnusable, match="password"):
        sealed(drawn, "dariger", now=NOW)


def test_a_missing_password_and_a_file_of_another_kind_are_named(seals: Path) -> None:
    a_seal(seals).with_suffix(".password").unlink()
    (seals / "other.p12").write_text("not that")
    (seals / "other.password").write_text("x")
    first, second = check_seals()
    assert (first.id, second.id) == ("core.E007", "core.E007")
    assert "dariger.password" in first.msg
    assert "other.p12" in second.msg


def test_a_key_that_programs_do_not_know_is_refused(seals: Path) -> None:
    content = pkcs12.serialize_key_and_certificates(
        None, ed25519.Ed25519PrivateKey.generate(), None, None, NoEncryption()
    )
    (seals / "dariger.p12").write_bytes(content)
    (seals / "dariger.password").write_text("")
    with pytest.raises(SealUnusable):
        opened("dariger")


def test_a_certificate_that_ends_soon_is_warned_of_and_one_that_has_ended_keeps_nobody_from_starting(
    seals: Path,
) -> None:
    today = datetime.now(UTC)
    a_seal(seals, since=today - timedelta(days=1), lasts=timedelta(days=30))
    assert ids() == ["core.W002"]
    a_seal(seals, since=today - timedelta(days=1), lasts=timedelta(days=40))
    assert ids() == []
    a_seal(seals, since=today - timedelta(days=2), lasts=timedelta(days=1))
    assert ids() == ["core.W001"]
