"""Appendix 1, «Информация, предоставляемая при активации» (KIH-03): the facts of a policy that it tells."""

from datetime import date, datetime, timedelta

from core.brand import face_on_paper
from core.languages import in_language
from policies.models import Policy
from policies.queries import contacts_on_paper
from policies.rules.documents import DocumentKind
from policies.services.documents import want_document


def want_appendix_1(
    *, policy: Policy, language: str, to: str, activated_on: date, cover_from: date, cover_until: date, now: datetime
) -> None:
    """In the caller's transaction: it is made and e-mailed to `to` when that commits (KIH-02, KIH-03).

    The dates are the insurer's: `cover_from` is the first day of cover (KIH-06), `cover_until` the last (KIH-09).
    Wanting the same again changes nothing. Raise TemplateDoesNotExist where the product has no Appendix 1.
    """
    insurer = policy.insurer
    facts = {
        "face": face_on_paper(in_language(insurer.names, language), insurer.brand),
        "product": policy.product_version.name_in(language),
        "policy_number": policy.insured_id,
        "insured": policy.insured.full_name,
        "activated_on": activated_on.isoformat(),
        "waiting_days": (cover_from - activated_on).days,
        "wait_until": (cover_from - timedelta(days=1)).isoformat(),
        "cover_from": cover_from.isoformat(),
        "cover_until": cover_until.isoformat(),
        "contacts": contacts_on_paper(insurer, language),
    }
    want_document(policy=policy, kind=DocumentKind.APPENDIX_1, language=language, to=to, facts=facts, now=now)
