"""Files over HTTP, behind the permission of an app above: taken with a form or one by one, listed, served in a sandbox."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import User
from core import live
from core.models import AuditEvent, Upload
from core.uploads import services
from core.uploads.checking import check_next_upload
from core.uploads.inspection import MIB
from core.uploads.rules import MOST_AT_ONCE, Collection, State
from core.uploads.services import attach_uploads
from core.whole_files import WholeFileStorage
from tests.core.uploads.papers import pdf
from tests.core.uploads.pictures import jpeg, jpeg_from_a_phone
from tests.core.uploads.sending import LATER, NOON, PHOTO, Disk, checked, sent
from tests.core.uploads.talks import TALK
from tests.people import aigul, dana, insured_browser
from tests.queries import statements

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.uploads.talks")]
SHUT_IN = {
    "Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}  # fmt: skip


@pytest.fixture
def sender(disk: Disk) -> User:
    user = aigul()
    user.language = "en"
    user.save()
    return user


@pytest.fixture
def insured(sender: User) -> Client:
    return insured_browser(sender)


def photo(name: str = "IMG_2041.JPG", content: bytes = PHOTO) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def a_clean_file(sender: User, content: bytes = PHOTO, name: str = "снимок.jpg") -> Upload:
    return checked(sent(sender, content, name, into=TALK))


def asked(insured: Client, upload: Upload, name: str = "talk_file", query: str = "") -> HttpResponse:
    return insured.get(reverse(name, args=[upload.public_id]) + query)


# ── With the form ────────────────────────────────────────────────────────────
def test_a_form_brings_its_files_along(insured: Client) -> None:
    answer = insured.post("/talk/", {"trouble": "knee", "attachments": [photo(), photo("b.pdf", pdf())]})
    assert answer.status_code == 302
    assert [upload.name for upload in Upload.objects.exclude(kept_at=None).order_by("pk")] == ["IMG_2041.JPG", "b.pdf"]


def test_a_slip_in_another_field_loses_no_file(insured: Client) -> None:
    answer = insured.post("/talk/", {"trouble": "", "attachments": [photo()]})
    assert answer.status_code == 200
    assert "IMG_2041.JPG" in answer.text
    assert Upload.objects.filter(kept_at=None).count() == 1
    assert insured.post("/talk/", {"trouble": "knee"}).status_code == 302
    assert Upload.objects.exclude(kept_at=None).count() == 1


def test_one_file_that_is_not_taken_is_named_and_the_others_stay(insured: Client) -> None:
    answer = insured.post("/talk/", {"trouble": "knee", "attachments": [photo("пусто.jpg", b""), photo()]})
    assert answer.status_code == 200
    assert "«пусто.jpg»: The file is empty." in answer.text
    assert 'value="knee"' in answer.text
    assert Upload.objects.get().name == "IMG_2041.JPG"


def test_a_form_without_files_is_a_form(insured: Client) -> None:
    assert insured.post("/talk/", {"trouble": "knee"}).status_code == 302


@pytest.mark.parametrize(
    "name", ["a\x00b.jpg", "\u202egpj.exe", "../../x.jpg", "ж" * 400 + ".jpg", "🩻.jpg", "%s%n.jpg"]
)
def test_any_name_is_taken_and_cleaned(insured: Client, name: str) -> None:
    head = f'--x\r\nContent-Disposition: form-data; name="attachments"; filename="{name}"\r\n\r\n'
    trouble = '\r\n--x\r\nContent-Disposition: form-data; name="trouble"\r\n\r\nknee\r\n--x--\r\n'
    body = head.encode() + PHOTO + trouble.encode()
    answer = insured.post("/talk/", body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 302
    assert Upload.objects.get().name.isprintable()


def test_a_full_disk_is_said_at_the_field(insured: Client, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(WholeFileStorage, "_write", is_full)
    answer = insured.post("/talk/", {"trouble": "knee", "attachments": [photo()]})
    assert "The file could not be saved" in answer.text
    assert 'value="knee"' in answer.text
    assert (Upload.objects.count(), disk.originals) == (0, [])


# ── One by one, as the script sends them ─────────────────────────────────────
def test_the_script_gets_the_list_as_it_is_now(insured: Client) -> None:
    answer = insured.post("/talk/files/", {"attachments": [photo()]})
    assert answer.status_code == 200
    assert "IMG_2041.JPG" in answer.text
    assert "Being checked" in answer.text
    assert "<html" not in answer.text
    assert answer["Cache-Control"] == "no-store"


def test_what_is_wrong_is_said_in_words(insured: Client) -> None:
    answer = insured.post("/talk/files/", {"attachments": [photo(content=b"")]})
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert answer.text.startswith("The file is empty.")


def test_the_list_tells_what_became_of_each(insured: Client, sender: User) -> None:
    accepted = a_clean_file(sender)
    refused = a_clean_file(sender, bytes(128) + b"DICM", "CT.dcm")
    waits = sent(sender, b"3", "c.jpg", into=TALK)
    page = insured.get("/talk/files/").text
    assert (
        f'<a href="{reverse("talk_file", args=[accepted.public_id])}" target="_blank" rel="noopener">снимок.jpg</a>'
        in page
    )
    assert "Send the picture as a JPEG or PDF" in page
    for upload in (refused, waits):
        assert reverse("talk_file", args=[upload.public_id]) + '"' not in page
    assert page.count("data-removal") == 3


def test_what_is_attached_is_not_offered_to_be_taken_away(insured: Client, sender: User) -> None:
    a_clean_file(sender)
    attach_uploads(into=TALK, now=NOON)
    assert "data-removal" not in insured.get("/talk/files/").text


def test_the_list_is_watched_while_something_is_checked(insured: Client, sender: User, settings: Any) -> None:
    sent(sender, into=TALK)
    settings.LIVE = True
    assert 'data-stream="/live/talk/"' in insured.get("/talk/files/").text
    check_next_upload(now=LATER)
    assert "data-stream" not in insured.get("/talk/files/").text


def test_a_list_costs_one_statement_whatever_it_holds(insured: Client, sender: User) -> None:
    insured.get("/talk/files/")
    with statements() as empty:
        insured.get("/talk/files/")
    for number in range(3):
        a_clean_file(sender, jpeg(quality=50 + number), f"{number}.jpg")
    with statements() as full:
        insured.get("/talk/files/")
    assert len(full) == len(empty)


def test_a_file_is_taken_back(insured: Client, sender: User) -> None:
    upload = a_clean_file(sender)
    removal = reverse("talk_removal", args=[upload.public_id])
    assert insured.get(removal).status_code == 405
    assert insured.post(removal).status_code == 302
    assert insured.post(removal).status_code == 404
    assert asked(insured, upload).status_code == 404
    assert "снимок" not in insured.get("/talk/files/").text


# ── Served ───────────────────────────────────────────────────────────────────
def test_the_clean_copy_is_served_in_a_sandbox_under_a_name_of_its_own_kind(
    insured: Client, sender: User, disk: Disk
) -> None:
    answer = asked(insured, a_clean_file(sender, jpeg_from_a_phone() + b"<script>", 'сни"мок.exe'))
    content = b"".join(answer.streaming_content)
    assert content == disk.derivatives[0].read_bytes()
    assert b"<script>" not in content
    assert {name: answer[name] for name in SHUT_IN} == SHUT_IN
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%D1%81%D0%BD%D0%B8-%D0%BC%D0%BE%D0%BA.jpg"


def test_to_be_looked_at_it_comes_in_the_same_sandbox(insured: Client, sender: User) -> None:
    answer = asked(insured, a_clean_file(sender), query="?look")
    assert answer["Content-Disposition"].startswith("inline; ")
    assert {name: answer[name] for name in SHUT_IN} == SHUT_IN


def test_a_paper_is_always_saved(insured: Client, sender: User) -> None:
    """Browsers refuse to show a PDF in a sandbox, and without one it is not served."""
    answer = asked(insured, a_clean_file(sender, pdf()), query="?look")
    assert answer["Content-Disposition"].startswith("attachment; ")


def test_before_it_is_accepted_and_after_it_was_refused_nobody_gets_it(insured: Client, sender: User) -> None:
    upload = sent(sender, b"MZ", into=TALK)
    assert asked(insured, upload).status_code == 404
    assert checked(upload).state == State.REFUSED
    assert asked(insured, upload).status_code == 404


def test_nginx_hands_out_what_the_view_permits(insured: Client, sender: User, settings: Any) -> None:
    settings.FILES_BY_NGINX = True
    upload = a_clean_file(sender)
    answer = asked(insured, upload)
    assert answer["X-Accel-Redirect"] == f"/files-of-the-house/derivatives/{upload.derivative.name}"
    assert answer.content == b""
    assert {name: answer[name] for name in SHUT_IN} == SHUT_IN
    assert asked(insured, upload, "talk_original")["X-Accel-Redirect"].startswith("/files-of-the-house/originals/nsk/")


def test_the_original_is_evidence_for_a_right_of_its_own_and_leaves_a_trace(insured: Client, sender: User) -> None:
    content = jpeg_from_a_phone() + b"<script>"
    upload = a_clean_file(sender, content)
    answer = asked(insured, upload, "talk_original")
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; ")
    event = AuditEvent.objects.get(verb="downloaded an original file")
    assert (event.object_id, event.reason, event.scope) == (str(upload.pk), "complaint 7", "nsk")
    assert event.detail == {"sha256": upload.sha256}


def test_of_a_deleted_file_there_is_no_original(insured: Client, sender: User) -> None:
    upload = a_clean_file(sender)
    Upload.objects.filter(pk=upload.pk).update(original="")
    assert asked(insured, upload, "talk_original").status_code == 404
    assert not AuditEvent.objects.exists()


# ── Whose they are not ───────────────────────────────────────────────────────
def test_a_stranger_finds_nothing(insured: Client, sender: User) -> None:
    upload = a_clean_file(sender)
    stranger = insured_browser(dana())
    for address in ("/talk/", "/talk/files/", "/live/talk/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post("/talk/files/", {"attachments": [photo()]}).status_code == 404
    for name in ("talk_file", "talk_original"):
        assert asked(stranger, upload, name).status_code == 404
    assert Upload.objects.count() == 1


def test_another_collections_file_is_not_reached_through_this_one(insured: Client, sender: User) -> None:
    other = checked(sent(sender, into=Collection("nsk", "test.talk:2")))
    assert asked(insured, other).status_code == 404


def test_a_list_is_another_as_soon_as_one_of_its_files_moved(
    insured: Client, sender: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[Callable[[], bool]] = []

    def stream(request: object, topic: str, has_moved: Callable[[], bool]) -> HttpResponse:
        waits.append(has_moved)
        return HttpResponse(topic)

    monkeypatch.setattr(live, "stream", stream)
    sent(sender, into=TALK)
    mark = re.findall('data-mark="(.*?)"', insured.get("/talk/files/").text)[0]
    assert insured.get("/live/talk/", {"seen": mark}).text == TALK.topic
    assert not waits[0]()
    check_next_upload(now=LATER)
    assert waits[0]()


def test_whoever_watches_is_told_at_the_commit(sender: User, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(services, "announce", told.append)
    checked(sent(sender, into=TALK))
    assert told == [TALK.topic] * 2


def test_pages_serve_no_stream(insured: Client) -> None:
    assert insured.get("/live/talk/").status_code == 404


# ── How much is let in ───────────────────────────────────────────────────────
def body_of(insured: Client, size: int, address: str) -> int:
    """The status that a request of this size gets. Its body is never read where it is too large."""
    return insured.post(
        address, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(size)
    ).status_code


def test_where_files_are_taken_an_account_may_send_a_hundred_megabytes(insured: Client) -> None:
    assert body_of(insured, MOST_AT_ONCE + MIB, "/talk/") != 413
    assert body_of(insured, MOST_AT_ONCE + MIB + 1, "/talk/") == 413
    assert body_of(insured, 3 * MIB, "/accounts/profile/") == 413
    assert body_of(insured, 3 * MIB, "/no/such/page/") == 413


def test_whoever_is_not_signed_in_may_not(client: Client, db: None) -> None:
    assert body_of(client, 3 * MIB, "/talk/") == 413


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_too_much_is_said_in_the_readers_language(insured: Client, sender: User, language: str) -> None:
    sender.language = language
    sender.save()
    answer = insured.post("/talk/", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(200 * MIB))
    with translation.override(language):
        assert (answer.status_code, gettext("The file is too large") in answer.text) == (413, True)
    assert answer["Content-Language"] == language
