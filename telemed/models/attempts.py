"""TM-39: calls to a telephone that nobody answered. Evidence: nothing here is ever changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import AppendOnly
from core.rows.walls import Through, Wall
from telemed.models.consultations import DOCTOR, Consultation
from telemed.models.doctors import Doctor
from telemed.rules import ATTEMPTS, JOB, AttemptResult, Means


class Dialling(AppendOnly):
    """The telephone gateway took an order to connect the two. What came of it, the doctor says: Attempt."""

    consultation = models.ForeignKey(Consultation, models.DO_NOTHING, related_name="diallings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, related_name="+")
    at = models.DateTimeField(_("time"))
    answer = models.CharField(_("the gateway’s answer"), max_length=100)

    class Meta:
        verbose_name = _("order to the telephone gateway")
        verbose_name_plural = _("orders to the telephone gateway")
        constraints = [Wall(name="dialling_wall", seen_by=[Through("consultation", [DOCTOR])])]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.answer}"


class Attempt(AppendOnly):
    """One of three that follow a call online. A new call online begins a new three: what stood before a failure of ours
    counts for nothing."""

    consultation = models.ForeignKey(Consultation, models.DO_NOTHING, related_name="attempts")
    called_at = models.DateTimeField()  # the call online that was not answered
    number = models.PositiveSmallIntegerField(_("number"))
    doctor = models.ForeignKey(Doctor, models.DO_NOTHING, related_name="attempts", verbose_name=_("doctor"))
    at = models.DateTimeField(_("time"))
    result = models.CharField(_("result"), max_length=12, choices=AttemptResult.choices)
    means = models.CharField(_("means"), max_length=14, choices=Means.choices)
    gateway_answer = models.CharField(_("the gateway’s answer"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("attempt by telephone")
        verbose_name_plural = _("attempts by telephone")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "called_at", "number"], name="attempt_once"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=ATTEMPTS), name="attempt_of_three"),
            Wall(name="attempt_wall", seen_by=[Through("consultation")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.at:%d.%m.%Y %H:%M} {self.get_result_display()}"
