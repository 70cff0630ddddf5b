"""The contract's facts. Whether a policy waits, covers or has ended follows from its dates (policies.rules)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.models import AppendOnly
from policies.models.insurers import Insurer, ProductVersion
from policies.models.people import Organisation, Person
from policies.rules import ContractKind, Role


class Policy(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="policies", db_index=False)  # the ID's index
    product_version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="policies")
    insured_id = models.CharField(_("insured ID"), max_length=40)  # as printed
    insured_key = models.CharField(max_length=40, editable=False)  # as compared: core.identity.normalise_key
    contract_kind = models.CharField(_("contract kind"), max_length=10, choices=ContractKind.choices)
    contract_number = models.CharField(_("contract number"), max_length=60, blank=True)
    contract_key = models.CharField(max_length=60, blank=True, editable=False)
    card_number = models.CharField(_("card number"), max_length=40, blank=True)
    card_key = models.CharField(max_length=40, blank=True, editable=False)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    # As printed (NSK-05, NSK-06), never recalculated; or set once by the activation that it counts from (KIH-06).
    cover_starts_on = models.DateField(_("cover starts on"), null=True, blank=True)
    cover_ends_on = models.DateField(_("last day of cover"), null=True, blank=True)
    # NL-7.1: as the contract shows it, in the insurer's currency. What was taken from it: RenderedConsultation.
    sum_insured = models.DecimalField(_("sum insured"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.UniqueConstraint(fields=["insurer", "insured_key"], name="policy_insured_id_per_insurer"),
            models.CheckConstraint(condition=~Q(insured_key=""), name="policy_has_an_insured_id"),
            models.CheckConstraint(
                condition=Q(cover_ends_on__isnull=True)
                | Q(cover_starts_on__isnull=False, cover_ends_on__gte=F("cover_starts_on")),
                name="policy_cover_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(sum_insured__isnull=True) | Q(sum_insured__gte=0), name="policy_sum_insured_is_not_negative"
            ),
        ]
        indexes = [  # an operator's search. The number of a corporate contract names a whole staff, so it names nobody
            models.Index(
                fields=["contract_key"], name="policy_contract_number",
                condition=Q(contract_kind=ContractKind.INDIVIDUAL) & ~Q(contract_key=""),
            ),
            models.Index(fields=["card_key"], name="policy_card_number", condition=~Q(card_key="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.insured_id

    def get_absolute_url(self) -> str:
        return reverse("policies:policy", args=[self.public_id])

    @cached_property
    def insured(self) -> Person:
        """The one person covered. A query that joins the person assigns it here (policies.queries)."""
        return self.parties.select_related("person").get(role=Role.INSURED).person  # type: ignore[return-value]


class Party(models.Model):
    """Who takes part in a policy, and as what (Nomad Life 2.1: separate records, possibly the same person)."""

    # An index that begins with the policy is there already: party_once_per_role, policy_event_of_policy. A register
    # writes a million of each, and every further index costs as much as a tenth of the row.
    policy = models.ForeignKey(Policy, models.CASCADE, related_name="parties", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="parties")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    share = models.DecimalField(_("share, %"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True)
                | Q(person__isnull=True, organisation__isnull=False),
                name="party_is_a_person_or_an_organisation",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.INSURED) | Q(person__isnull=False), name="party_insured_is_a_person"
            ),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(role=Role.INSURED), name="party_one_insured_per_policy"
            ),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(role=Role.POLICYHOLDER), name="party_one_policyholder_per_policy"
            ),
            models.UniqueConstraint(
                fields=["policy", "role", "person", "organisation"], nulls_distinct=False, name="party_once_per_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.name}"

    @property
    def name(self) -> str:
        return str(self.person or self.organisation)


class PolicyEvent(AppendOnly):
    """What happened to the contract's facts: issued, corrected by a register, ended."""

    class Kind(models.TextChoices):
        ISSUED = "issued", _("issued")
        COVER_SET = "cover_set", _("cover set by the activation")
        CORRECTED = "corrected", _("corrected")

    policy = models.ForeignKey(Policy, models.DO_NOTHING, related_name="events", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    detail = models.JSONField(default=dict)  # {field: [before, after]}

    class Meta:
        verbose_name = _("policy event")
        verbose_name_plural = _("policy events")
        indexes = [models.Index(fields=["policy", "at"], name="policy_event_of_policy")]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y} {self.get_kind_display()}"
