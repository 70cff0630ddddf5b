"""Products are written in files and published as immutable versions."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from core import audit, brand
from core.facts import digest_of_facts
from policies.models import ConsentText, Insurer, Product, ProductVersion
from policies.rules import BEFORE_CONSULTING, ConsentCode, ContactLine, PriceList, Terms
from policies.rules.consents import FOR_A_CLAIM


@transaction.atomic
def publish_file(*, path: Path) -> list[ProductVersion]:
    """Bring the insurer up to date, add a version of each text of consent and of each product that changed. Returns the new
    versions of products.

    Raise KeyError, TypeError or ValueError, and publish nothing, where the file lacks a rule or misspells it, or where the
    insurer's colours or the text of a consent cannot be read.
    """
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    consents = data["insurer"].pop("consents", [])
    insurer = _bring_up_to_date(data["insurer"])
    for text in consents:
        _publish_consent(insurer, **text)
    if insurer.price_list or any("consultations" in product["content"] for product in data["product"]):
        _demand_texts(insurer, BEFORE_CONSULTING)
    versions = (_publish(insurer, product) for product in data["product"])
    return [version for version in versions if version]


def _bring_up_to_date(facts: dict[str, Any]) -> Insurer:
    for line in facts.get("contacts", []):
        ContactLine.from_data(line)
    brand.stylesheet(facts.get("brand", {}))
    if problems := brand.unreadable(facts.get("brand", {})):
        raise ValueError("; ".join(problems))
    prices = facts.setdefault("price_list", {})
    PriceList.from_data(prices, facts["currency"])
    before = Insurer.objects.filter(slug=facts["slug"]).values_list("price_list", flat=True).first()
    insurer, _ = Insurer.objects.update_or_create(
        slug=facts["slug"], defaults={**facts, "contacts": facts.get("contacts", []), "brand": facts.get("brand", {})}
    )
    if prices != (before or {}):
        audit.record(gettext_noop("published a price list"), on=insurer, by=None, scope=insurer.slug, prices=prices)
    return insurer


def _publish_consent(insurer: Insurer, *, code: ConsentCode, **content: Any) -> None:
    """A changed text is a new number; what was agreed to before keeps the one that was read."""
    Insurer.objects.select_for_update().get(pk=insurer.pk)  # two publishers at once, as of products
    latest = insurer.consent_texts.filter(code=ConsentCode(code)).order_by("-number").first()
    digest = digest_of_facts(content)
    if latest and latest.digest == digest:
        return
    text = ConsentText.objects.create(
        insurer=insurer, code=code, number=latest.number + 1 if latest else 1, digest=digest, content=content
    )
    audit.record(gettext_noop("published the text of a consent"), on=text, by=None, scope=insurer.slug, digest=digest)


def _demand_texts(insurer: Insurer, codes: Iterable[str]) -> None:
    """A door, or a doctor, that asks for a consent nobody can read would let nobody in."""
    if missing := set(codes) - set(insurer.consent_texts.values_list("code", flat=True)):
        raise ValueError(f"no text of {', '.join(sorted(missing))}")


def _demand_prices(insurer: Insurer, content: dict[str, Any]) -> None:
    """KIH-07: what is paid for until the cover starts has a price."""
    consultations = Terms.from_data(content).consultations
    if not consultations or not consultations.paid_meanwhile:
        return
    if missing := [service for service in consultations.covers if not insurer.prices.of(service)]:
        raise ValueError(f"paid until the cover starts, but the price list has no {', '.join(sorted(missing))}")


def _publish(insurer: Insurer, facts: dict[str, Any]) -> ProductVersion | None:
    _demand_texts(insurer, facts["content"].get("consents", []))
    if "claims" in facts["content"]:
        _demand_texts(insurer, FOR_A_CLAIM)
    _demand_prices(insurer, facts["content"])
    product, _ = Product.objects.update_or_create(
        code=facts["code"], defaults={"insurer": insurer, "position": facts["position"]}
    )
    Product.objects.select_for_update().get(pk=product.pk)  # two publishers at once: the second sees the first's number
    latest = product.versions.order_by("-number").first()
    digest = digest_of_facts(facts["content"])
    if latest and latest.digest == digest:
        return None
    version = ProductVersion.objects.create(
        product=product, number=latest.number + 1 if latest else 1, digest=digest, content=facts["content"]
    )
    audit.record(gettext_noop("published a product version"), on=version, by=None, scope=insurer.slug, digest=digest)
    return version
