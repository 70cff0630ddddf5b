"""The life of a claimant's wish that further payments go to another account (7.9). Staff enter it, or say why not."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestState(TextChoices):
    ASKED = "asked", _("being checked")
    ENTERED = "entered", _("entered")
    DECLINED = "declined", _("not entered")
    OVERTAKEN = "overtaken", _("replaced by a later one")  # another wish, or a paper, came first
