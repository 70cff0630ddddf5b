"""Whose product it is. Insurers and products are data files (policies/products/*.toml), published as rows."""

from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.languages import in_language
from core.models import AppendOnly
from policies.rules import PriceList, Terms


class Insurer(models.Model):
    slug = models.SlugField(max_length=40, unique=True)
    names = models.JSONField(help_text="{language: name}")
    hosts = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    country = models.CharField(max_length=2, default="KZ")
    time_zone = models.CharField(max_length=40, default="Asia/Almaty")
    currency = models.CharField(max_length=3, default="KZT")
    contacts = models.JSONField(default=list)  # policies.rules.ContactLine.from_data reads one line
    price_list = models.JSONField(default=dict)  # of policies.rules.PriceList, in force for everybody at once
    brand = models.JSONField(default=dict)  # {theme: {token: colour}}, see core.brand

    class Meta:
        verbose_name = _("insurer")
        verbose_name_plural = _("insurers")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names)

    @cached_property
    def prices(self) -> PriceList:
        return PriceList.from_data(self.price_list, self.currency)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self, now: datetime) -> date:
        """Contract facts are dates on the insurer's calendar."""
        return now.astimezone(self.zone).date()


class Product(models.Model):
    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="products")
    code = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code

    @property
    def newest_version(self) -> "ProductVersion":
        """Under which a policy is issued now. One query."""
        return self.versions.latest("number")


class ProductVersionQuerySet(models.QuerySet["ProductVersion"]):
    def current(self) -> "ProductVersionQuerySet":
        newest = ProductVersion.objects.filter(product=models.OuterRef("product")).order_by("-number")
        return self.filter(pk=models.Subquery(newest.values("pk")[:1])).select_related("product__insurer")


class ProductVersion(AppendOnly):
    """The rules and texts as they stood when a policy was issued. A change is a new version, never an edit."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(auto_now_add=True)
    digest = models.CharField(
        max_length=64
    )  # sha256 of the canonical JSON: publishing the same file again adds nothing
    content = models.JSONField()

    objects = ProductVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("product version")
        verbose_name_plural = _("product versions")
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="product_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    @cached_property
    def terms(self) -> Terms:
        return Terms.from_data(self.content)

    @property
    def name(self) -> str:
        return self.name_in()

    def name_in(self, language: str | None = None) -> str:
        return in_language(self.terms.names, language)

    def save(self, *args: Any, **kwargs: Any) -> None:
        Terms.from_data(self.content)  # what cannot be read is not published
        super().save(*args, **kwargs)
