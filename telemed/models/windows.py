"""What anybody may count with, of whatever else stands in the walled rows (adr/0046): views, which nobody writes."""

from django.conf import settings
from django.db import models

from core.documents.seals import LONGEST_HOLDER
from policies.models import Insurer
from telemed.models.consultations import Consultation
from telemed.models.doctors import Doctor
from telemed.rules import Speciality, State


class Traffic(models.Model):
    """Of every consultation how long somebody waits and when its doctor is taken; not who it is about, nor what."""

    insurer = models.ForeignKey(Insurer, models.DO_NOTHING, related_name="+")
    speciality = models.CharField(max_length=20, choices=Speciality.choices)
    doctor = models.ForeignKey(Doctor, models.DO_NOTHING, null=True, related_name="traffic")
    consultant = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+")
    state = models.CharField(max_length=14, choices=State.choices)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)
    first_called_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "telemed_traffic"

    def __str__(self) -> str:
        return f"{self.speciality}: {self.state}"


class Stars(models.Model):
    """Of a rating the number, for figures: without the words."""

    consultation = models.OneToOneField(Consultation, models.DO_NOTHING, related_name="given_stars")
    stars = models.PositiveSmallIntegerField()

    class Meta:
        managed = False
        db_table = "telemed_stars"

    def __str__(self) -> str:
        return str(self.stars)


class Paper(models.Model):
    """That a conclusion was sent, for whoever holds the paper: its code leads here."""

    code = models.CharField(max_length=22)
    doctor = models.ForeignKey(Doctor, models.DO_NOTHING, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "telemed_paper"

    def __str__(self) -> str:
        return f"{self.sent_at:%d.%m.%Y}"

    @property
    def seals(self) -> dict[str, str]:
        """Certificate → whose it is. Two where it was changed between two languages."""
        return {copy.certificate: copy.sealed_by for copy in self.documents.all() if copy.certificate}


class PaperCopy(models.Model):
    """What a copy must be to be ours."""

    conclusion = models.ForeignKey(Paper, models.DO_NOTHING, related_name="documents")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    sha256 = models.CharField(max_length=64)
    sealed_by = models.CharField(max_length=LONGEST_HOLDER)  # empty, as the next: without a seal
    certificate = models.CharField(max_length=64)

    class Meta:
        managed = False
        db_table = "telemed_papercopy"
        ordering = ["language"]

    def __str__(self) -> str:
        return self.language
