"""What the patient says of a consultation: a quality claim (TM-18) and its answer, a rating."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import AppendOnly
from core.rows.walls import Through, Wall, Window
from telemed.models.consultations import COORDINATOR, PATIENT, Consultation
from telemed.rules import JOB, SAYS_IN_WORDS, STARS, Verdict

LONGEST_CLAIM = 4000  # characters


class QualityClaim(AppendOnly):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.OneToOneField(Consultation, models.DO_NOTHING, related_name="claim")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, related_name="+")
    text = models.TextField(_("what was wrong"), max_length=LONGEST_CLAIM)
    at = models.DateTimeField(_("filed"))

    class Meta:
        verbose_name = _("quality claim")
        verbose_name_plural = _("quality claims")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="claim_says_something"),
            Wall(name="claim_wall", seen_by=[Through("consultation", [PATIENT, COORDINATOR])], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}"


class ClaimAnswer(AppendOnly):
    claim = models.OneToOneField(QualityClaim, models.DO_NOTHING, related_name="answer")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, related_name="+")
    verdict = models.CharField(_("outcome"), max_length=8, choices=Verdict.choices)
    text = models.TextField(_("answer"), max_length=LONGEST_CLAIM)  # with the reason: the patient reads it
    at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("answer to a quality claim")
        verbose_name_plural = _("answers to quality claims")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="claim_answer_says_something"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="claim_answer_has_its_outcome"),
            Wall(name="claim_answer_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}"


class Rating(models.Model):
    """May be changed until the consultation is over."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, related_name="rating")
    stars = models.PositiveSmallIntegerField(
        _("rating"), validators=[MinValueValidator(STARS[0]), MaxValueValidator(STARS[-1])]
    )
    words = models.CharField(_("in your words"), max_length=SAYS_IN_WORDS, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.CheckConstraint(condition=Q(stars__gte=STARS[0], stars__lte=STARS[-1]), name="rating_stars"),
            Wall(
                name="rating_wall",
                seen_by=[Through("consultation", [PATIENT, COORDINATOR])],
                jobs=[JOB],
                window=Window("telemed_stars", ["consultation", "stars"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.stars)
