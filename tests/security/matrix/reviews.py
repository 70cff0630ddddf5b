"""A claim under review in every household, with everything that a reviewer opens by its own address; and one that was
refused. Whoever reads claims has said what for both are opened."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from claims.models import (
    Absence,
    Claim,
    ExcludedCountry,
    Item,
    Letter,
    Objection,
    OmbudsmanPack,
    Page,
    Review,
    Suspension,
    Wording,
)
from claims.services.openings import note_opening
from policies.models import Policy
from tests.claims.factories import a_checklist, a_decision
from tests.factories import TODAY
from tests.security.matrix.actors import APPROVERS, AUDITORS, REVIEWERS
from tests.security.matrix.desks import a_file

READERS = REVIEWERS | APPROVERS | AUDITORS
A_MONTH = timedelta(days=30)


def keys_of_review(user: User, policy: Policy, mark: str, *, readers: Sequence[User]) -> dict[str, Any]:
    """`mark` stands in whatever was written."""
    by = readers[0]
    claim, review = a_claim_under_review(user, policy, mark)
    item, page = a_document(claim, user, mark)
    stop = Suspension.objects.create(
        review=review, cause="authority", authority=f"Орган {mark}", question=f"Вопрос {mark}", why=f"Причина {mark}",
        since=TODAY, by=by,
    )  # fmt: skip
    waiting = a_decision(review, by, evidence=f"Доказательство {mark}")
    done, _review = a_claim_under_review(user, policy, mark)
    refused = a_decision(
        _review, readers[0], state="approved", approved_by=readers[1], approved_at=timezone.now(), decided_on=TODAY
    )
    Claim.objects.filter(pk=done.pk).update(state="refused")
    objection = Objection.objects.create(
        claim=done, decision=refused, way="ombudsman", state="announced", text=f"Возражение {mark}", filed_on=TODAY
    )
    earlier = Objection.objects.create(
        claim=done, decision=refused, way="ombudsman", state="withdrawn", text=f"Раньше {mark}", filed_on=TODAY
    )
    OmbudsmanPack.objects.create(objection=earlier, facts={}, next_try_at=timezone.now())
    letter = Letter.objects.create(
        claim=claim, kind="complete", language="ru", subject=f"Письмо {mark}", body=f"Текст {mark}", to=f"{mark}",
        handed_over_on=TODAY,
    )  # fmt: skip
    absence = Absence.objects.create(insurer=policy.insurer, user=by, since=TODAY, until=TODAY + A_MONTH)
    country = ExcludedCountry.objects.create(
        insurer=policy.insurer, country="SY", ground="war", since=TODAY, source=f"Приказ {mark}"
    )
    wording = Wording.objects.create(insurer=policy.insurer, language="ru", title=f"Слова {mark}", text=f"Текст {mark}")
    for opened in (claim, done):
        for reader in readers:
            note_opening(claim=opened, by=reader, role=None, reason="audit", now=timezone.now())
    case = claim.public_id
    return {
        "review": case,
        "review's contract": f"{case}/{policy.public_id}",
        "review's document": f"{case}/{item.public_id}",
        "review's verdict": f"{case}/{item.public_id}/accept",
        "review's file": f"{case}/{page.pk}",
        "review's question": f"{case}/{stop.public_id}",
        "review's ground": f"{case}/EX-07",
        "review's decision": f"{case}/{waiting.public_id}",
        "review's letter": f"{case}/{letter.public_id}",
        "review's objection": f"{done.public_id}/{objection.public_id}",
        "absence of a reviewer": absence.pk,
        "excluded country": country.public_id,
        "template of words": wording.public_id,
        "refused claim": done.public_id,
        "refused claim's way": f"{done.public_id}/insurer",
        "refused claim's papers": f"{done.public_id}/{earlier.public_id}",
        "refused claim's step": f"{done.public_id}/{objection.public_id}/withdraw",
    }


def a_claim_under_review(user: User, policy: Policy, mark: str) -> tuple[Claim, Review]:
    claim = Claim.objects.create(
        insurer=policy.insurer, person=policy.insured, policy=policy, claimant=user, event="disability", event_on=TODAY,
        country="KZ", story=f"История {mark}", role="insured", claimant_name=mark, email=user.email, language="ru",
        notified_on=TODAY, state="review",
    )  # fmt: skip
    return claim, Review.objects.create(claim=claim, number=1, kind="first", since=TODAY)


def a_document(claim: Claim, user: User, mark: str) -> tuple[Item, Page]:
    """The certificate: its facts are entered too."""
    item = next(one for one in a_checklist(claim) if one.code == "I3")
    page = Page.objects.create(item=item, upload=a_file(item.files, user, mark), language="ru", sent_on=TODAY)
    return item, page
