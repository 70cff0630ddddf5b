"""A document is wanted, made and sent: once, and also when a worker dies in between. Who has full access keeps it."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.test import Client
from django.utils import translation

from core.documents.work import pause_after
from notices.models import Notice
from notices.services import deliver_batch
from policies.models import Document, DocumentRequest, Policy
from policies.rules import AccessKind, AccessScope
from policies.rules.documents import DocumentKind
from policies.services import documents
from policies.services.access import end_access, grant_access
from policies.services.appendix import want_appendix_1
from policies.services.documents import make_document, make_next_document
from tests.documents import FACTS, text_of
from tests.factories import a_policy, an_insurer
from tests.peers.smtp import MailServer
from tests.people import aigul, dana, insured_browser
from tests.policies.conftest import NOON
from tests.queries import statements

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def personal_doctor(number: str = "КИ-204-118734", **of_person: Any) -> Policy:
    return a_policy(number, insurer=an_insurer("kazakhinstrakh"), **of_person)


def want(policy: Policy, *, language: str = "ru", to: str = "aigul@example.kz", now: datetime = NOON) -> None:
    """V16: activated on 1 March 2025, covered from the 16th."""
    want_appendix_1(
        policy=policy, language=language, to=to, activated_on=date(2025, 3, 1), cover_from=date(2025, 3, 16),
        cover_until=date(2026, 3, 15), now=now,
    )  # fmt: skip


def make_all(now: datetime = NOON) -> int:
    """How many requests were taken up."""
    taken = 0
    while make_next_document(now=now):
        taken += 1
    return taken


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# ── Wanted, made, sent ───────────────────────────────────────────────────────
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_what_is_wanted_is_made_in_the_readers_language_and_sent(
    language: str, mail_server: MailServer, clock: time_machine.Traveller
) -> None:
    policy = personal_doctor()
    want(policy, language=language)
    make_all()
    assert deliver_batch(now=NOON).accepted == 1
    document = Document.objects.get()
    (letter,) = mail_server.letters
    (attachment,) = letter.iter_attachments()
    assert letter["To"] == "aigul@example.kz"
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_filename() == document.file_name(language)
    assert attachment.get_content() == document.file.read()
    with translation.override(language):
        assert policy.product_version.name in text_of(attachment.get_content())


def test_it_tells_the_facts_of_the_policy() -> None:
    """KIH-06: covered from the 16th day; KIH-09: for 12 months; KIH-10: one insured person."""
    policy = personal_doctor(surname="Әбенова", given_name="Қарлығаш", patronymic="")
    want(policy, language="en")
    make_all()
    text = text_of(Document.objects.get().file.read())
    for fact in [
        "КИ-204-118734",
        "Әбенова Қарлығаш",
        "1 March 2025",
        "16 March 2025",
        "15 March 2025",
        "15 March 2026",
    ]:
        assert fact in text


def test_whom_to_call_is_the_portals_number_where_the_insurer_names_nobody(settings: Any) -> None:
    settings.PORTAL_BRAND = settings.PORTAL_BRAND | {"name": "Мой полис", "phone": "8 (800) 070-70-70"}
    want(personal_doctor())
    make_all()
    assert "Мой полис: 8 (800) 070-70-70" in text_of(Document.objects.get().file.read())
    assert Notice.objects.get().context["brand"]["phone"] == "8 (800) 070-70-70"


def test_twice_is_once() -> None:
    policy = personal_doctor()
    for _ in range(2):
        want(policy)
        make_all()
    want(policy)
    assert make_all() == 0
    assert (DocumentRequest.objects.count(), Document.objects.count(), Notice.objects.count()) == (1, 1, 1)


def test_another_reader_is_sent_the_same_document_and_another_language_makes_another() -> None:
    policy = personal_doctor()
    want(policy)
    want(policy, to="mother@example.kz")
    want(policy, language="kk")
    assert make_all() == 3
    assert sorted(Document.objects.values_list("language", flat=True)) == ["kk", "ru"]
    assert Notice.objects.count() == 3


def test_what_was_not_committed_is_not_wanted() -> None:
    with transaction.atomic():
        want(personal_doctor())
        transaction.set_rollback(True)
    assert make_all() == 0


def test_a_product_without_such_a_document_is_refused_where_it_is_wanted() -> None:
    with pytest.raises(TemplateDoesNotExist):
        want(a_policy())


def test_the_request_forgets_the_facts_that_the_document_tells() -> None:
    want(personal_doctor())
    make_all()
    assert DocumentRequest.objects.get().facts == {}


# ── A worker dies ────────────────────────────────────────────────────────────
def test_a_worker_that_dies_while_it_draws_leaves_it_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    want(personal_doctor())
    with monkeypatch.context() as patched:
        patched.setattr(documents.documents, "render", dies)
        with pytest.raises(SystemExit):
            make_next_document(now=NOON)
    assert (Document.objects.count(), Notice.objects.count()) == (0, 0)
    assert make_all(NOON + MINUTE - timedelta(seconds=1)) == 0  # it may be alive
    assert make_all(NOON + MINUTE) == 1
    assert (Document.objects.count(), Notice.objects.count()) == (1, 1)


def test_a_worker_that_dies_between_making_and_sending_loses_no_letter(
    monkeypatch: pytest.MonkeyPatch, originals: Path
) -> None:
    want(personal_doctor())
    with monkeypatch.context() as patched:
        patched.setattr(documents.notices, "post", dies)
        with pytest.raises(SystemExit):
            make_next_document(now=NOON)
    made = Document.objects.get()
    assert Notice.objects.count() == 0
    assert make_all(NOON + MINUTE) == 1
    assert Document.objects.get() == made
    assert Notice.objects.get().attachments[0]["path"] == made.file.name
    assert len(files(originals)) == 1


def test_marked_before_the_letter_is_posted_it_would_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the same death, with a mark that was committed by itself."""
    want(personal_doctor())

    def marks_and_dies(request: DocumentRequest, document: Document) -> None:
        DocumentRequest.objects.filter(pk=request.pk).update(document=document)
        dies()

    with monkeypatch.context() as patched:
        patched.setattr(documents, "_send", marks_and_dies)
        with pytest.raises(SystemExit):
            make_next_document(now=NOON)
    assert make_all(NOON + timedelta(days=1)) == 0
    assert Notice.objects.count() == 0


def dies(*arguments: Any, **named: Any) -> None:
    raise SystemExit


def test_of_two_workers_with_one_request_one_sends(originals: Path) -> None:
    want(personal_doctor())
    request = documents._claim(NOON)
    assert request is not None
    document = make_document(
        policy=request.policy, kind=DocumentKind.APPENDIX_1, language="ru", facts=request.facts, now=NOON
    )
    documents._send(request, document)
    documents._send(request, document)
    assert Notice.objects.count() == 1


def test_of_two_workers_that_make_one_document_one_keeps_it(originals: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = personal_doctor()
    named: dict[str, Any] = {
        "policy": policy, "kind": DocumentKind.APPENDIX_1, "language": "ru", "facts": FACTS, "now": NOON,
    }  # fmt: skip
    drawn = documents.documents.render

    def while_another_does(*arguments: Any, **options: Any) -> bytes:
        monkeypatch.setattr(documents.documents, "render", drawn)
        make_document(**named)
        return drawn(*arguments, **options)

    monkeypatch.setattr(documents.documents, "render", while_another_does)
    assert make_document(**named) == Document.objects.get()
    assert len(files(originals)) == 1


def test_one_that_cannot_be_made_holds_up_nobody_and_is_never_given_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    want(personal_doctor("КИ-1"))
    DocumentRequest.objects.update(facts={})
    want(personal_doctor("КИ-2"), now=NOON)
    assert make_all() == 2
    assert Document.objects.get().policy.insured_id == "КИ-2"
    assert "FactMissing at try 1" in caplog.text
    assert "КИ-1" not in caplog.text
    broken = DocumentRequest.objects.get(policy__insured_id="КИ-1")
    assert broken.next_try_at == NOON + MINUTE
    DocumentRequest.objects.filter(pk=broken.pk).update(tries=300)
    assert make_all(NOON + timedelta(days=300)) == 1


def test_a_full_disk_keeps_nothing_and_is_tried_again(originals: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    want(personal_doctor())
    with monkeypatch.context() as patched:
        patched.setattr(type(Document._meta.get_field("file").storage), "_write", full)
        assert make_all() == 1
    assert (Document.objects.count(), files(originals)) == (0, [])
    assert make_all(NOON + MINUTE) == 1
    assert Document.objects.count() == 1


def full(*arguments: Any) -> None:
    raise OSError(28, "No space left on device")


def test_the_pause_grows_to_an_hour() -> None:
    minutes = [pause_after(tries) / MINUTE for tries in (1, 2, 3, 6, 7, 8, 30_000)]
    assert minutes == [1, 2, 4, 32, 60, 60, 60]


# ── Who keeps it ─────────────────────────────────────────────────────────────
def a_document(policy: Policy) -> Document:
    return make_document(policy=policy, kind=DocumentKind.APPENDIX_1, language="ru", facts=FACTS, now=NOON)


def browser_of(user: Any, policy: Policy, scope: AccessScope = AccessScope.FULL) -> Client:
    grant_access(
        user=user, person=policy.insured, kind=AccessKind.SELF, scope=scope, proof="contract_number", by=None, now=NOON
    )
    return insured_browser(user)


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_owner_keeps_it_under_a_name_in_the_language_of_the_page(language: str, settings: Any) -> None:
    document = a_document(personal_doctor())
    browser = browser_of(aigul(), document.policy)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = browser.get(document.get_absolute_url())
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert unquote(answer["Content-Disposition"]) == f"attachment; filename*=utf-8''{document.file_name(language)}"
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == document.file.read()


def test_the_policys_page_lists_it_for_full_access_only() -> None:
    document = a_document(personal_doctor())
    owner, limited = browser_of(aigul(), document.policy), browser_of(dana(), document.policy, AccessScope.LIMITED)
    page = document.policy.get_absolute_url()
    assert document.get_absolute_url() in owner.get(page).content.decode()
    assert document.get_absolute_url() not in limited.get(page).content.decode()


def test_it_costs_one_statement_more_than_the_session_and_the_account() -> None:
    document = a_document(personal_doctor())
    browser = browser_of(aigul(), document.policy)
    browser.get(document.get_absolute_url())
    with statements() as made:
        browser.get(document.get_absolute_url())
    assert len([sql for sql in made if "policies_" in sql]) == 1


def test_whoever_is_not_let_in_finds_nothing() -> None:
    document = a_document(personal_doctor())
    limited = browser_of(dana(), document.policy, AccessScope.LIMITED)
    user = aigul()
    former = browser_of(user, document.policy)
    assert former.get(document.get_absolute_url()).status_code == 200
    end_access(user=user, person=document.policy.insured, by=None, reason="undone", now=NOON)
    for browser in (limited, former):
        assert browser.get(document.get_absolute_url()).status_code == 404
    assert Client().get(document.get_absolute_url()).status_code == 302


def test_another_policys_address_does_not_lead_to_it() -> None:
    document, other = a_document(personal_doctor()), personal_doctor("КИ-2")
    user = aigul()
    browser_of(user, other)
    browser = browser_of(user, document.policy)
    address = document.get_absolute_url().replace(str(document.policy.public_id), str(other.public_id))
    assert browser.get(address).status_code == 404


def test_it_is_only_read() -> None:
    document = a_document(personal_doctor())
    assert browser_of(aigul(), document.policy).post(document.get_absolute_url()).status_code == 405


@pytest.mark.parametrize("number", ["../../КИ", "КИ/204\\118", "КИ\r\nX: y", 'КИ"204'])
def test_a_number_cannot_lead_the_file_elsewhere(number: str) -> None:
    name = Document(policy=Policy(insured_id=number), kind=DocumentKind.APPENDIX_1).file_name("ru")
    assert name.isprintable()
    assert not set('/\\"') & set(name)
