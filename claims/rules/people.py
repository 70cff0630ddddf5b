"""Who takes part in a case, as what, and which of its lives a step belongs to."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClaimantRole(TextChoices):
    """Who tells of the event (9.1): the insured, the policyholder, the beneficiary, and on whose behalf somebody else does."""

    INSURED = "insured", _("the insured person")
    POLICYHOLDER = "policyholder", _("the policyholder")
    BENEFICIARY = "beneficiary", _("the beneficiary")
    HEIR = "heir", _("an heir")
    REPRESENTATIVE = "representative", _("a representative of one of them")
    LENDER = "lender", _("the bank that gave the loan")


class Part(TextChoices):
    """Whose life a step of the history belongs to."""

    CLAIM = "claim", _("claim")
    ITEM = "item", _("document")
    DECISION = "decision", _("decision")
    INSTALMENT = "instalment", _("payment")
    OBJECTION = "objection", _("objection")


NOTICE = "notify"  # the first step of a claim's history, which no state precedes
REQUEST_SENT = "send_request"  # to an authority; it changes no state
