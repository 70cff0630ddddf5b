"""Which documents a claim needs (chapter 10), in which form, and who gives them."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.rules.events import InsuredEvent

ACCEPTED_LANGUAGES = ("kk", "ru")


class Form(TextChoices):
    COPY = "copy", _("a copy: a photo or a scan is enough")
    AS_ISSUED = "as_issued", _("as it was issued, or a copy: a photo or a scan is enough")
    CERTIFIED = "certified", _("a copy signed by an authorised person, with the seal of the medical institution")
    ORIGINAL = "original", _("the original: a photo first, then the paper itself")
    NOTARISED = "notarised", _("the original or a copy certified by a notary: a photo first, then the paper itself")

    @property
    def is_paper(self) -> bool:
        """A file alone is not enough: the item waits for the paper."""
        return self in (Form.ORIGINAL, Form.NOTARISED)


class Giver(TextChoices):
    BANK = "bank", _("the bank that gave the loan")
    REGISTRY = "registry", _("the registry office, or eGov.kz")
    HOSPITAL = "hospital", _("the medical institution")
    FORENSIC = "forensic", _("the centre of forensic examinations")
    AUTHORITY = "authority", _("the body that looked into the accident: police, court, employer, fire service")
    SOCIAL = "social", _("the authorised body of social protection")
    NOTARY = "notary", _("the notary")
    SELF = "self", _("the beneficiary")


@dataclass(frozen=True)
class Item:
    """`waivable`: the insurer may do without it (10.4); without the others neither the event nor its amount is known."""

    code: str
    title: Promise
    form: Form
    giver: Giver
    clause: str
    waivable: bool = True


LOAN, IDENTITY = _("Loan contract with its repayment schedule"), _("Identity card of the beneficiary")
ACCIDENT = _("Document of the competent body on the accident, its consequences and how they are connected")

CHECKLISTS: dict[InsuredEvent, tuple[Item, ...]] = {
    InsuredEvent.DEATH: (
        Item("D1", LOAN, Form.COPY, Giver.BANK, "10.1(1)"),
        Item(
            "D1b", _("The bank’s letter on the principal owed on the day of death"), Form.ORIGINAL, Giver.BANK, "10.1(1)",
            waivable=False,
        ),
        Item(
            "D2", _("Death certificate, or the notice of death from eGov.kz"), Form.COPY, Giver.REGISTRY, "10.1(2)",
            waivable=False,
        ),
        Item("D3", _("Medical certificate of death that names the cause"), Form.COPY, Giver.HOSPITAL, "10.1(3)"),
        Item("D4", ACCIDENT, Form.AS_ISSUED, Giver.AUTHORITY, "10.1(4)"),
        Item("D5", _("Conclusion of the post-mortem examination on the cause of death"), Form.COPY, Giver.FORENSIC, "10.1(5)"),
        Item("D6", _("Certificate of inheritance"), Form.NOTARISED, Giver.NOTARY, "10.1(6)"),
        Item("D6b", IDENTITY, Form.COPY, Giver.SELF, "10.1(6)"),
    ),
    InsuredEvent.DISABILITY: (
        Item("I1", LOAN, Form.COPY, Giver.BANK, "10.2(1)", waivable=False),
        Item(
            "I1b", _("The bank’s letter on the principal owed on the day the disability was established"), Form.ORIGINAL,
            Giver.BANK, "10.2(1)",
        ),
        Item("I2", IDENTITY, Form.COPY, Giver.SELF, "10.2(2)"),
        Item("I3", _("Certificate that the disability is established"), Form.COPY, Giver.SOCIAL, "10.2(3)", waivable=False),
        Item(
            "I4", _("Conclusion of the medical commission with the diagnosis that led to the disability"), Form.COPY,
            Giver.HOSPITAL, "10.2(4)",
        ),
        Item("I5", _("Extract from the case history or the outpatient card"), Form.CERTIFIED, Giver.HOSPITAL, "10.2(5)"),
        Item("I6", ACCIDENT, Form.AS_ISSUED, Giver.AUTHORITY, "10.2(6)"),
    ),
}  # fmt: skip
CERTIFICATE = "I3"  # of disability: what a re-certification asks for anew (7.7)
ITEMS = {item.code: item for items in CHECKLISTS.values() for item in items}


def needs_translation(language: str) -> bool:
    """10.6: into Kazakh or Russian, certified by a notary, beside the document in its own language."""
    return language not in ACCEPTED_LANGUAGES
