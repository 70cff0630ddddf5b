"""A register of insured people from upload to report, and the differences it leaves for a person to decide."""

import uuid
from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from core.dates import short_date
from core.models import AppendOnly
from core.names import full_name
from core.whole_files import originals
from policies.models.insurers import Insurer, Product
from policies.models.people import Person
from policies.rules import ContractKind
from policies.rules.register_columns import DATES, Column
from policies.rules.register_problems import Problem, problems_in
from policies.rules.registers import BUSY, CONFIRMED, COUNTED, REASONS, Event, Outcome, State


def storage_key(register: "Register", filename: str) -> str:
    """The uploader's file name never reaches the disk."""
    return f"{register.product.insurer.slug}/{uuid.uuid4()}"


class RegisterQuerySet(models.QuerySet["Register"]):
    def busy(self) -> "RegisterQuerySet":
        """Waiting for a worker, or for one that died."""
        return self.filter(state__in=BUSY)


class Register(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="registers", verbose_name=_("programme"))
    file = models.FileField(_("file"), storage=originals, upload_to=storage_key, max_length=100)
    file_name = models.CharField(_("file name"), max_length=200)  # as the uploader called it
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    tries = models.PositiveSmallIntegerField(default=0)  # of workers at the present piece of work
    unreadable_reason = models.CharField(max_length=20, blank=True)  # a key of rules.registers.REASONS
    unreadable_what = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    ignored_columns = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    ignored_sheets = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    # What the check counted, and after the apply what was done. Nothing before the check.
    rows = models.PositiveIntegerField(_("rows"), null=True)
    new = models.PositiveIntegerField(_("new"), null=True)
    changed = models.PositiveIntegerField(_("changed"), null=True)
    unchanged = models.PositiveIntegerField(_("unchanged"), null=True)
    refused = models.PositiveIntegerField(_("refused"), null=True)
    warned = models.PositiveIntegerField(_("with warnings"), null=True)
    differing = models.PositiveIntegerField(_("contacts for review"), null=True)
    moved = models.PositiveIntegerField(default=0)  # rows that did something else than the confirmed preview said
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        indexes = [
            models.Index(fields=["product", "-uploaded_at"], name="register_newest_of_product"),
            models.Index(fields=["id"], condition=Q(state__in=BUSY), name="register_busy"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CONFIRMED, confirmed_by__isnull=False, confirmed_at__isnull=False)
                | (~Q(state__in=CONFIRMED) & Q(confirmed_by__isnull=True, confirmed_at__isnull=True)),
                name="register_confirmed_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(state=State.UNREADABLE) & ~Q(unreadable_reason="")
                | ~Q(state=State.UNREADABLE) & Q(unreadable_reason=""),
                name="register_unreadable_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=COUNTED, rows=F("new") + F("changed") + F("unchanged") + F("refused"))
                | (~Q(state__in=COUNTED) & Q(rows__isnull=True)),
                name="register_counts_agree",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {timezone.localtime(self.uploaded_at):%d.%m.%Y %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("admin:policies_register_change", args=[self.public_id])

    @property
    def insurer(self) -> Insurer:
        return self.product.insurer

    @cached_property
    def is_cover_printed(self) -> bool:
        """Else the columns about cover are not read: the activation sets its dates (KIH-06)."""
        return self.product.newest_version.terms.cover is None

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def accepted(self) -> int:
        """Rows that a confirmation takes over, or took."""
        return (self.rows or 0) - (self.refused or 0)

    @property
    def to_write(self) -> int:
        """Rows of which something is new."""
        return (self.new or 0) + (self.changed or 0)

    @property
    def unreadable_words(self) -> str:
        """Why, in the reader's language. Columns are named as they are called in it."""
        if not self.unreadable_reason:
            return ""
        labels = dict(Column.choices)
        what = ", ".join(str(labels.get(item, item)) for item in self.unreadable_what)
        return _gettext(str(REASONS[self.unreadable_reason])) % {"what": what}


class RegisterRowQuerySet(models.QuerySet["RegisterRow"]):
    def refused(self) -> "RegisterRowQuerySet":
        return self.exclude(errors="")

    def warned(self) -> "RegisterRowQuerySet":
        return self.exclude(warnings="")

    def changed(self) -> "RegisterRowQuerySet":
        return self.filter(outcome=Outcome.CHANGED)


class RegisterRow(models.Model):
    """One row of the file as it was understood. Written by COPY (services.register_check), kept until the report is old."""

    pk = models.CompositePrimaryKey("register", "line")
    # No constraint: checking a million of them takes longer than writing the rows, and only the check writes here.
    register = models.ForeignKey(
        Register, models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )  # fmt: skip
    line = models.PositiveIntegerField()  # in the file, as a spreadsheet numbers it
    insured_id = models.CharField(max_length=40)
    insured_key = models.CharField(max_length=40)
    surname = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100)
    patronymic = models.CharField(max_length=100)
    search_key = models.CharField(max_length=310)
    sort_key = models.CharField(max_length=1000)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=1)
    iin = models.CharField(max_length=12, null=True)
    contract_kind = models.CharField(max_length=10, choices=[("", ""), *ContractKind.choices])
    contract_number = models.CharField(max_length=60)
    contract_key = models.CharField(max_length=60)
    signed_on = models.DateField(null=True)
    cover_starts_on = models.DateField(null=True)
    cover_ends_on = models.DateField(null=True)
    card_number = models.CharField(max_length=40)
    card_key = models.CharField(max_length=40)
    phone = models.CharField(max_length=20)
    email = models.CharField(max_length=254)
    language = models.CharField(max_length=2)
    employer_name = models.CharField(max_length=250)
    employer_bin = models.CharField(max_length=12, null=True)
    sum_insured = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    errors = models.TextField()  # tokens of rules.register_problems, one space between
    warnings = models.TextField()
    given = ArrayField(models.TextField(), default=list)  # a refused row's cells, in the order of Column
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    changes = models.JSONField(default=dict)  # {field: [on file, in the register]}

    objects = RegisterRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a register")
        verbose_name_plural = _("rows of a register")
        indexes = [
            models.Index(fields=["register", "line"], name="register_row_refused", condition=~Q(errors="")),
            models.Index(fields=["register", "line"], name="register_row_warned", condition=~Q(warnings="")),
            models.Index(fields=["register", "line"], name="register_row_changed", condition=Q(outcome="changed")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=Outcome.REFUSED) & ~Q(errors="") | ~Q(outcome=Outcome.REFUSED) & Q(errors=""),
                name="register_row_refused_has_errors",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.insured_id}"

    @property
    def name(self) -> str:
        return full_name(self.surname, self.given_name, self.patronymic)

    @property
    def changes_in_words(self) -> list[tuple[str, str, str]]:
        """What, on file, in the register. An IIN shows its last digits only."""
        labels = dict(Column.choices) | {"policyholder": _("Policyholder")}
        return [
            (str(labels[field]), _shown(field, on_file), _shown(field, in_register))
            for field, (on_file, in_register) in self.changes.items()
        ]

    @property
    def problems(self) -> list[Problem]:
        return problems_in(self.errors, self.given)

    @property
    def remarks(self) -> list[Problem]:
        return problems_in(self.warnings)


def _shown(field: str, value: str | None) -> str:
    if not value:
        return "—"
    if field == Column.IIN:
        return f"•••{value[-4:]}"
    return short_date(date.fromisoformat(value)) if field in DATES else value


class RegisterStep(AppendOnly):
    """What happened to a register, when and by whom. Nobody: a worker."""

    register = models.ForeignKey(Register, models.DO_NOTHING, related_name="steps")
    at = models.DateTimeField(_("time"), default=timezone.now)
    event = models.CharField(_("step"), max_length=10, choices=Event.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("step of a register")
        verbose_name_plural = _("steps of a register")
        indexes = [models.Index(fields=["register", "at"], name="step_of_register")]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.get_event_display()}"


class DifferenceQuerySet(models.QuerySet["Difference"]):
    def open(self) -> "DifferenceQuerySet":
        return self.filter(resolution="")


class Difference(models.Model):
    """A register gives an activated person another contact than we have. Never overwritten: a person decides."""

    class Field(models.TextChoices):
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")

    class Resolution(models.TextChoices):
        TAKEN = "taken", _("the register’s taken")
        KEPT = "kept", _("ours kept")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="differences", verbose_name=_("person"))
    register = models.ForeignKey(Register, models.PROTECT, related_name="differences", verbose_name=_("register"))
    field = models.CharField(_("contact"), max_length=5, choices=Field.choices)
    on_file = models.CharField(_("on file"), max_length=254, blank=True)  # when the register was applied
    in_register = models.CharField(_("in the register"), max_length=254)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    resolution = models.CharField(_("decision"), max_length=5, choices=Resolution.choices, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    resolved_at = models.DateTimeField(_("decided"), null=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference in contacts")
        verbose_name_plural = _("differences in contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "field"], condition=Q(resolution=""), name="difference_open_once_per_contact"
            ),
            models.CheckConstraint(
                condition=Q(resolution="", resolved_by__isnull=True, resolved_at__isnull=True, reason="")
                | ~Q(resolution="") & Q(resolved_by__isnull=False, resolved_at__isnull=False) & ~Q(reason=""),
                name="difference_resolved_by_at_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_field_display()}"
