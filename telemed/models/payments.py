"""That money was paid back: once, in full, by which payment, and who says so."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import AppendOnly
from core.money import Money
from core.rows.walls import Through, Wall
from telemed.models.consultations import COORDINATOR, PATIENT, Consultation
from telemed.rules import JOB, OwedFor

LONGEST_REFERENCE = 60  # characters


class PaidBack(AppendOnly):
    consultation = models.OneToOneField(Consultation, models.DO_NOTHING, related_name="paid_back")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)  # all that was paid
    currency = models.CharField(max_length=3)
    reason = models.CharField(_("reason"), max_length=9, choices=OwedFor.choices)
    # Who upheld the claim, and so made money leave the house; nobody where the rules alone owe it.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    reference = models.CharField(_("payment"), max_length=LONGEST_REFERENCE)  # by which it is found at the bank
    paid_on = models.DateField(_("paid back on"))  # the insurer's day
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, related_name="+")
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("payment back")
        verbose_name_plural = _("payments back")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="paid_back_something"),
            models.CheckConstraint(condition=~Q(reference=""), name="paid_back_by_a_payment"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("by")), name="paid_back_by_a_second_person"
            ),
            Wall(name="paid_back_wall", seen_by=[Through("consultation", [PATIENT, COORDINATOR])], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.paid_on:%d.%m.%Y}: {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
