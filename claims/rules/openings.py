"""What for somebody of the insurer opens a claim's file. The claimant reads it."""

from django.utils.translation import gettext_lazy as _

OTHER = "other"
WHY_OPENED = [
    ("review", _("reviews the claim or stands in for a colleague")),
    ("approval", _("approves its decision")),
    ("call", _("the claimant has called or written")),
    ("audit", _("an audit")),
    (OTHER, _("something else")),
]
