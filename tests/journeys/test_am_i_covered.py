"""What does a doctor cost me, and from when? And the policy as a PDF, on a telephone."""

from datetime import date

import pytest
from django.utils import timezone

from core.dates import from_date
from policies.models import Document, Policy
from policies.rules import AccessKind, AccessScope
from policies.services.access import grant_access
from policies.services.cover import start_cover
from policies.services.documents import make_next_document
from tests.factories import a_policy_with_a_code
from tests.journeys.conftest import Come
from tests.journeys.words import says
from tests.people import aigul

pytestmark = pytest.mark.parametrize("language", ["ru", "kk", "en"], indirect=True)


@pytest.fixture
def policy(language: str) -> Policy:
    """«Личный врач», activated today."""
    policy, _code = a_policy_with_a_code()
    start_cover(policy=policy, by=None, now=timezone.now())
    account = aigul()
    account.language = language
    account.save()
    grant_access(
        user=account, person=policy.insured, kind=AccessKind.SELF, scope=AccessScope.FULL, proof="policy_code", by=None,
        now=timezone.now(),
    )  # fmt: skip
    return policy


def test_one_reads_what_is_paid_until_when_and_why(come: Come, policy: Policy) -> None:
    # Given a policy whose fifteen days of waiting have just begun
    aigul = come().signs_in().is_at("Your policies")
    # When its owner looks at the home page
    starts: date = Policy.objects.get().cover_starts_on  # type: ignore[assignment]
    price = says(
        '<span class="nobr">%(price)s</span> now, %(from_date)s <span class="nobr">%(later)s</span>',
        price="5\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}₸", from_date=from_date(starts), later="0\N{NO-BREAK SPACE}₸",
    )  # fmt: skip
    # Then the price until the cover starts stands there with the day from which there is none
    words = price.replace('<span class="nobr">', "").replace("</span>", "")
    aigul.reads_text(words)
    # And the policy's page says why
    aigul.follows_text(policy.product_version.name).reads("What is covered").reads_text(words)
    aigul.main.locator("summary").click()
    aigul.reads("Until then you pay yourself: %(price)s.", price="8\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}₸")


def test_one_fetches_the_policy_as_a_pdf(come: Come, policy: Policy) -> None:
    # Given its page
    aigul = come().signs_in().follows_text(policy.product_version.name)
    # When the PDF is asked for in Kazakh
    aigul.main.get_by_role("button", name="Қазақша", exact=True).click()
    aigul.reads("Being made")
    # Then a worker makes it and the page offers it
    assert make_next_document(now=timezone.now())
    aigul.follows("Look again").does_not_read("Being made")
    with aigul.page.expect_download() as download:
        aigul.main.locator("#documents li a").click()
    assert download.value.suggested_filename == Document.objects.get().file_name()
