"""Which insured event a claim is about. Illness, the third of them, is telemedicine's and has no claim (3.1, 7.12)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InsuredEvent(TextChoices):
    DEATH = "death", _("death")  # 3.1(1)
    DISABILITY = "disability", _("disability by an accident")  # 3.1(2)
