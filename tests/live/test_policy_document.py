"""The page of a policy moves on when the PDF that somebody waits for is made."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from policies.models import Policy
from policies.services.documents import make_next_document
from tests.live.stream import Waiting, served, sessions, until
from tests.people import aigul
from tests.policies.conftest import originals
from tests.policies.test_policy_document import a_policy_of, browser_of

__all__ = ["originals"]  # the fixture: where the files lie
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("live")) as address:
        yield address.removesuffix("/live/letter/")


@pytest.fixture
def policy() -> Policy:
    return a_policy_of("life-with-telemedicine")


@pytest.fixture
def owner(policy: Policy) -> Client:
    return browser_of(aigul(), policy)


def test_whoever_waits_for_a_pdf_learns_that_it_is_made(
    origin: str, policy: Policy, owner: Client, originals: Path
) -> None:
    page = f"/live{policy.get_absolute_url()}documents/"
    owner.post(f"{policy.get_absolute_url()}documents/", {"language": "en"})
    with Waiting(origin + page, owner) as waiting:
        until(lambda: len(sessions("LISTEN%")) == 1)
        make_next_document(now=timezone.now())
        assert waiting.hears() == "event: moved"
    with Waiting(origin + page, owner) as late:
        assert late.response.status_code == 204
