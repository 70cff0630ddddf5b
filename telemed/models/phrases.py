"""Sentences that a doctor says often."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Phrase(models.Model):
    """A doctor's own. Those that all have are telemed.rules.phrases."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="phrases")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    text = models.CharField(_("phrase"), max_length=500)

    class Meta:
        verbose_name = _("quick phrase")
        verbose_name_plural = _("quick phrases")
        ordering = ["language", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "language", "text"], name="phrase_once")]

    def __str__(self) -> str:
        return self.text
