"""The policy as a PDF: the facts of the contract that we hold, in the language that was asked for."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation

from core.brand import face_on_paper
from core.facts import digest_of_facts
from core.languages import in_language
from core.money import Money, format_money
from policies.models import Document, Party, Policy
from policies.queries import contacts_on_paper, other_parties
from policies.rules import Consultations, Role, Service, Terms
from policies.rules.documents import DocumentKind
from policies.services.documents import want_document


@transaction.atomic
def want_policy(*, policy: Policy, language: str, now: datetime) -> Document | None:
    """The document of the facts as they are, where it is made already; None: a worker makes it when this commits.

    Nothing is sent: it is fetched from the policy's page. Asking again changes nothing.
    """
    facts = _facts(policy, language)
    made = policy.documents.filter(kind=DocumentKind.POLICY, language=language, digest=digest_of_facts(facts)).first()
    if not made:
        want_document(policy=policy, kind=DocumentKind.POLICY, language=language, facts=facts, now=now)
    return made


def _facts(policy: Policy, language: str) -> dict[str, Any]:
    """Nothing that changes from day to day: the same contract is the same document."""
    insurer, version = policy.insurer, policy.product_version
    with translation.override(language):
        return {
            "face": face_on_paper(in_language(insurer.names), insurer.brand),
            "product": version.name,
            "policy_number": policy.insured_id,
            "contract_number": policy.contract_number,
            "card_number": policy.card_number,
            "signed_on": _day(policy.signed_on),
            "insured": policy.insured.full_name,
            "born_on": _day(policy.insured.birth_date),
            **_others(other_parties([policy.pk])[policy.pk]),
            "sum_insured": _sum(policy),
            "contacts": contacts_on_paper(insurer, language),
            **_cover(policy, version.terms),
            **_consultations(version.terms),
        }


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _sum(policy: Policy) -> str:
    return format_money(Money(policy.sum_insured, policy.insurer.currency)) if policy.sum_insured is not None else ""


def _others(parties: list[Party]) -> dict[str, Any]:
    return {
        "policyholder": next((party.name for party in parties if party.role == Role.POLICYHOLDER), ""),
        "lender": next((party.name for party in parties if party.role == Role.LENDER), ""),
        "beneficiaries": [
            {"name": party.name, "share": f"{party.share.normalize():f} %" if party.share is not None else ""}
            for party in parties
            if party.role == Role.BENEFICIARY
        ],
    }


def _cover(policy: Policy, terms: Terms) -> dict[str, Any]:
    """KIH-06: days of waiting count from the activation; elsewhere the first day is the printed one (NSK-05, NSK-06)."""
    starts, days = policy.cover_starts_on, terms.cover.waiting_days if terms.cover else 0
    return {
        "cover_from": _day(starts),
        "cover_until": _day(policy.cover_ends_on),
        "waiting_days": days,
        "wait_until": _day(starts - timedelta(days=1)) if starts and days else "",
    }


def _consultations(terms: Terms) -> dict[str, Any]:
    """As the product file has them, in the active language."""
    consultations = terms.consultations
    covers = consultations.covers if consultations else frozenset()
    return {
        "covers": [str(service.label) for service in Service if service in covers],
        "covers_not": [str(service.label) for service in Service if consultations and service not in covers],
        "conditions": _conditions(consultations) if consultations else {},
        "clauses": {rule: in_language(texts) for rule, texts in terms.clauses.items()},
    }


def _conditions(consultations: Consultations) -> dict[str, Any]:
    return {
        "paid_meanwhile": consultations.paid_meanwhile,
        "relatives_included": consultations.relatives_included,
        "specialist_time": consultations.specialist_time,
        "illness_payment": consultations.illness_payment is not None,
    }
