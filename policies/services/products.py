"""Products are written in files and published as immutable versions."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from core import audit, brand
from core.facts import digest_of_facts
from policies.models import Insurer, Product, ProductVersion
from policies.rules import ContactLine


@transaction.atomic
def publish_file(*, path: Path) -> list[ProductVersion]:
    """Bring the insurer up to date and add a version of each product whose content changed. Returns the new versions.

    Raise KeyError or ValueError, and publish nothing, where the file lacks a rule or misspells it, or where the
    insurer's colours cannot be read.
    """
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    insurer = _bring_up_to_date(data["insurer"])
    versions = (_publish(insurer, product) for product in data["product"])
    return [version for version in versions if version]


def _bring_up_to_date(facts: dict[str, Any]) -> Insurer:
    for line in facts.get("contacts", []):
        ContactLine.from_data(line)
    brand.stylesheet(facts.get("brand", {}))
    if problems := brand.unreadable(facts.get("brand", {})):
        raise ValueError("; ".join(problems))
    insurer, _ = Insurer.objects.update_or_create(
        slug=facts["slug"], defaults={**facts, "contacts": facts.get("contacts", []), "brand": facts.get("brand", {})}
    )
    return insurer


def _publish(insurer: Insurer, facts: dict[str, Any]) -> ProductVersion | None:
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
