"""Lists that reviewers keep for their insurer: countries where the contract may not hold (5.3), templates of words. Who changed
what stands in the audit trail, with how it was before."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from claims.models import ExcludedCountry, Wording
from core import audit


@transaction.atomic
def keep_country(*, country: ExcludedCountry, by: Any) -> ExcludedCountry:
    """New, or with another last day or source: claims of days that lie behind keep their warning."""
    was = ExcludedCountry.objects.filter(pk=country.pk).first()
    country.save()
    before = {"until_before": f"{was.until or ''}", "source_before": was.source} if was else {}
    audit.record(
        gettext_noop("kept a country on the list of 5.3"), on=country, by=by, scope=country.insurer.slug, country=country.country,
        ground=country.ground, since=f"{country.since}", until=f"{country.until or ''}", source=country.source, **before,
    )  # fmt: skip
    return country


@transaction.atomic
def keep_wording(*, wording: Wording, by: Any) -> Wording:
    was = Wording.objects.filter(pk=wording.pk).first()
    wording.save()
    before = {"text_before": was.text} if was else {}
    audit.record(
        gettext_noop("kept a template of words"), on=wording, by=by, scope=wording.insurer.slug, title=wording.title,
        text=wording.text, **before,
    )  # fmt: skip
    return wording


@transaction.atomic
def drop_wording(*, wording: Wording, by: Any) -> None:
    audit.record(
        gettext_noop("dropped a template of words"), on=wording, by=by, scope=wording.insurer.slug, title=wording.title,
        text=wording.text,
    )  # fmt: skip
    wording.delete()
