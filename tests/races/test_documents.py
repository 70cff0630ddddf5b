"""Twenty workers on five requests: each document is drawn once, kept once and sent once."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from notices.models import Notice
from policies.models import Document, DocumentRequest
from policies.services import documents
from policies.services.appendix import want_appendix_1
from policies.services.documents import make_next_document
from tests.factories import a_policy, an_insurer
from tests.policies.conftest import NOON, originals
from tests.races.crowd import all_at_once

__all__ = ["originals"]  # the fixture: where the files lie
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
WORKERS, WANTED = 20, 5


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch, originals: Path) -> list[str]:
    """The numbers of the policies whose document was drawn, once for each drawing."""
    numbers: list[str] = []

    def draws(template: str, facts: dict[str, Any], *, language: str) -> bytes:
        numbers.append(facts["policy_number"])
        return facts["policy_number"].encode()

    monkeypatch.setattr(documents.documents, "render", draws)
    insurer = an_insurer("kazakhinstrakh")
    for number in range(WANTED):
        want_appendix_1(
            policy=a_policy(f"КИ-{number}", insurer=insurer), language="ru", to="aigul@example.kz", now=NOON,
            activated_on=date(2025, 3, 1), cover_from=date(2025, 3, 16), cover_until=date(2026, 3, 15),
        )  # fmt: skip
    return numbers


def work(number: int) -> None:
    while make_next_document(now=NOON):
        continue


def files(folder: Path) -> int:
    return len([path for path in folder.rglob("*") if path.is_file()])


def test_each_is_drawn_kept_and_sent_once(drawn: list[str], originals: Path) -> None:
    all_at_once(work, WORKERS)
    assert sorted(drawn) == [f"КИ-{number}" for number in range(WANTED)]
    assert (Document.objects.count(), Notice.objects.count(), files(originals)) == (WANTED, WANTED, WANTED)
    assert set(DocumentRequest.objects.values_list("tries", flat=True)) == {1}


@pytest.mark.long
def test_without_the_claim_each_is_drawn_by_many_and_still_sent_once(
    drawn: list[str], originals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: workers that look at a request and do not take it. The constraint and the mark hold alone."""
    monkeypatch.setattr(documents, "_claim", lambda now: DocumentRequest.objects.waiting().order_by("pk").first())
    all_at_once(work, WORKERS)
    assert len(drawn) > WANTED
    assert (Document.objects.count(), Notice.objects.count(), files(originals)) == (WANTED, WANTED, WANTED)
