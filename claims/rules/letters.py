"""The letters of a claim (11.3(5)): each kind is a template of its name under templates/claims/letters/."""

from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LetterKind(TextChoices):
    """As a list of letters names them."""

    REGISTERED = "registered", _("the notice is registered, with the list of documents")  # 9.2
    WITHDRAWN = "withdrawn", _("the claim is withdrawn")
    MISSING = "missing", _("which documents are missing")  # 10.3
    COMPLETE = "complete", _("all documents are there: until when we decide and pay")  # 11.3(6)
    AUTHORITY_ASKED = "authority_asked", _("an authority was asked")  # 7.8, 11.1(6)
    CRIMINAL_CASE = "criminal_case", _("a criminal case was opened")  # 10.5
    RESUMED = "resumed", _("the answer came")
    EXTENDED = "extended", _("the review is extended")  # 7.8
    SET_ASIDE = "set_aside", _("the claim is set aside")
    TAKEN_UP = "taken_up", _("the claim is taken up again")
    APPROVED = "approved", _("decision: to pay")  # 7.8
    PARTLY = "partly", _("decision: to pay in part")  # 7.8, 7.10
    REFUSED = "refused", _("decision: to refuse")  # 7.10
    PAID = "paid", _("a payment was made")  # 7.9
    CAME_BACK = "came_back", _("a payment came back from the bank")
    PENALTY = "penalty", _("penalty for a late payment")  # 11.2(4)
    REPLACED = "replaced", _("the instalments are paid at once")  # 7.5
    STOPPED = "stopped", _("the payouts are stopped")  # 7.11
    RECERTIFY = "recertify", _("the term of the disability ends")  # 7.7
    RECERTIFICATION = "recertification", _("the re-certification is received")  # 7.7, 7.8
    EXAMINATION = "examination", _("a medical examination is asked for")  # 11.1(4)
    EXAMINED = "examined", _("the result of the medical examination")  # 11.1(4), 11.3(5)
    ACCOUNT_ASKED = "account_asked", _("another account is asked for")
    ACCOUNT_ENTERED = "account_entered", _("another account is entered")
    ACCOUNT_DECLINED = "account_declined", _("another account is not entered")
    OBJECTION_FILED = "objection_filed", _("an objection is registered")  # 13.3, 13.4
    OBJECTION_ANSWERED = "objection_answered", _("an objection is answered")
    OMBUDSMAN_READY = "ombudsman_ready", _("the papers for the ombudsman are ready")  # 13.4


# In which an authority of the insurer's country is written to; whoever is abroad may need another one.
OFFICIAL = {"KZ": ("kk", "ru"), "RU": ("ru",)}


def languages_to_authorities(country: str) -> list[Any]:
    """All of the portal as choices, the official ones first."""
    official = OFFICIAL.get(country, ())
    return sorted(settings.LANGUAGES, key=lambda language: language[0] not in official)


# How the message that carries a letter is called where people read of messages (notices.rules.KINDS).
NOTICES = {
    "claim_letter": _("letter about a claim"),
    "claim_about_you": _("somebody without an account told of an event of this person"),
}
