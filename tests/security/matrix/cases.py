"""A claim in every household, told in its cabinet, with a document, a page of it, a letter and a bank's link."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from claims.models import BankLink, Claim, Item, Letter, Page
from policies.models import Policy
from tests.claims.factories import a_checklist
from tests.factories import TODAY
from tests.security.matrix.desks import a_file


def a_case(user: User, policy: Policy, mark: str) -> Claim:
    return Claim.objects.create(
        insurer=policy.insurer, person=policy.insured, policy=policy, claimant=user, event="disability", event_on=TODAY,
        country="KZ", place=f"Город {mark}", story=f"История {mark}", role="insured", claimant_name=mark, email=user.email,
        language="ru", notified_on=TODAY,
    )  # fmt: skip


def keys_of_case(user: User, policy: Policy, mark: str) -> dict[str, Any]:
    claim = a_case(user, policy, mark)
    item = a_checklist(claim)[1]  # the bank's letter
    upload = a_file(item.files, user, mark)
    Page.objects.create(item=item, upload=upload, language="ru", sent_on=TODAY)
    letter = Letter.objects.create(
        claim=claim, kind="registered", language="ru", subject=f"Письмо {mark}", body=f"Текст {mark}", to=mark,
        handed_over_on=TODAY,
    )  # fmt: skip
    link = a_link(item, mark)
    return {
        "case": claim.public_id,
        "case's letter": f"{claim.public_id}/{letter.public_id}",
        "case's document": f"{claim.public_id}/{item.public_id}",
        "case's page": f"{claim.public_id}/{item.public_id}/{upload.public_id}",
        "case's link": f"{claim.public_id}/{item.public_id}/{link.pk}",
        "bank's document": item.public_id,
        "bank's page": f"{item.public_id}/{upload.public_id}",
    }


def a_link(item: Item, mark: str) -> BankLink:
    return BankLink.objects.create(
        item=item, access=uuid.uuid4(), bank=f"Банк {mark}", contact="officer@bank.example",
        until=timezone.now() + timedelta(days=14),
    )  # fmt: skip
