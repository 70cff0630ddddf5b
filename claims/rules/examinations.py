"""What the insurer's yearly examination found (11.1(4)), and what follows from it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Finding(TextChoices):
    CONTINUES = "continues", _("the disability continues: so do the payouts")
    CEASED = "ceased", _("the disability ceased: the end of the payouts is proposed (7.11)")
