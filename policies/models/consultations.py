"""The ledger of rendered consultations: what each took from the sum insured, and what was given back. It only grows."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import AppendOnly
from core.money import Money
from policies.models.policies import Policy
from policies.rules import Rendering


class RenderedQuerySet(models.QuerySet["RenderedConsultation"]):
    def standing(self) -> "RenderedQuerySet":
        """Those whose amount was not given back."""
        return self.filter(given_back=None)


class RenderedConsultation(AppendOnly):
    """NL-7.12: an illness is paid for by paying the consultation, and the sum insured is less by that much."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="rendered_consultations", db_index=False)
    number = models.PositiveIntegerField()  # 1, 2, 3 … of the policy: who forgets the lock is refused, not lost
    reference = models.UUIDField(unique=True)  # the consultation's public_id, where it is kept
    how = models.CharField(gettext_lazy("how"), max_length=14, choices=Rendering.choices)
    rendered_on = models.DateField(gettext_lazy("rendered on"))  # the insurer's day
    tariff = models.DecimalField(max_digits=14, decimal_places=2)  # of the policy's terms, in the insurer's currency
    amount = models.DecimalField(gettext_lazy("amount"), max_digits=14, decimal_places=2)  # less where less was left
    left = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # after it; None: no sum was on file
    recorded_at = models.DateTimeField(gettext_lazy("recorded"), default=timezone.now)

    objects = RenderedQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("rendered consultation")
        verbose_name_plural = gettext_lazy("rendered consultations")
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="rendered_numbered_in_a_row"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lte=F("tariff")), name="rendered_takes_the_tariff_at_most"
            ),
            models.CheckConstraint(condition=Q(left__isnull=True) | Q(left__gte=0), name="rendered_leaves_no_debt"),
        ]

    def __str__(self) -> str:
        return f"{self.policy}: {self.rendered_on:%d.%m.%Y} {self.get_how_display()}"

    def money(self, amount: Decimal) -> Money:
        return Money(amount, self.policy.insurer.currency)

    @property
    def stands(self) -> bool:
        return not hasattr(self, "given_back")

    @property
    def taken(self) -> Money:
        return self.money(self.amount)

    @property
    def left_after(self) -> Money | None:
        return self.money(self.left) if self.left is not None else None

    @property
    def explanation(self) -> str:
        """How the amount came about, in the active language."""
        how = {"how": self.get_how_display(), "tariff": self.money(self.tariff)}
        if not self.stands:
            return _("Consultation %(how)s: given back, because %(reason)s.") % (
                how | {"reason": _(self.given_back.reason)}
            )
        if not self.tariff:
            return _("Consultation %(how)s: nothing is taken for it.") % how
        if self.amount < self.tariff:
            return _("Consultation %(how)s: the tariff is %(tariff)s, but less was left.") % how
        return _("Consultation %(how)s: by the tariff.") % how


class GivenBack(AppendOnly):
    """What one of them took is in the sum insured again: it does not count as rendered after all (TM-18)."""

    rendered = models.OneToOneField(RenderedConsultation, models.PROTECT, related_name="given_back")
    reason = models.CharField(gettext_lazy("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, related_name="+")
    at = models.DateTimeField(gettext_lazy("time"), default=timezone.now)

    class Meta:
        verbose_name = gettext_lazy("consultation given back")
        verbose_name_plural = gettext_lazy("consultations given back")

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y} {self.rendered}"
