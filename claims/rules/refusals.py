"""Why a payout may be refused (chapter 8), what a reviewer answers before, and how the person may object.

The contract may add grounds of its own (8.1); none is known yet.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.rules.events import InsuredEvent
from claims.rules.life import Way
from core.calendar import last_day


class Ground(TextChoices):
    """As the letter says it. EX: the event is excluded, directly or indirectly (8.1). RF: the payout is refused (8.2, 8.3)."""

    EX_01 = "EX-01", _("nuclear explosion, radiation or radioactive contamination")
    EX_02 = "EX-02", _("military actions")
    EX_03 = "EX-03", _("civil war, unrest, terrorist acts, mass riots or strikes")
    EX_04 = (
        "EX-04",
        _("intentional acts of the policyholder, the insured person or the beneficiary that led to the event"),
    )
    EX_05 = (
        "EX-05",
        _("an intentional crime or administrative offence of the policyholder, the insured person or the beneficiary"),
    )
    EX_06 = "EX-06", _("the event came during detention, arrest or imprisonment")
    EX_07 = "EX-07", _("alcohol, drugs or psychoactive substances, driving under their influence included")
    EX_08 = "EX-08", _("professional or dangerous sport, training included")
    EX_09 = "EX-09", _("speed competitions or tests of motor vehicles, training included")
    EX_10 = "EX-10", _("life-threatening stunts or exercises at contests and shows")
    EX_11 = "EX-11", _("a flight other than as a passenger of a licensed airline")
    EX_12 = "EX-12", _("intentional injury of oneself")
    EX_13 = "EX-13", _("suicide or its attempt in the first two years of the contract")
    EX_14 = "EX-14", _("hazardous work or service")
    EX_15 = "EX-15", _("death from a disease of the list that was there at the start or in the first three months")
    EX_16 = "EX-16", _("the disability comes from a disease and not from an accident")
    EX_17 = "EX-17", _("expenses for an illness outside the medical programme or outside the cover")
    RF_01 = "RF-01", _("knowingly false information was given to the insurer")
    RF_02 = "RF-02", _("the investigation of the circumstances was obstructed")
    RF_03 = "RF-03", _("the insurer was not told of the event within 60 days")
    RF_04 = "RF-04", _("the accident happened when the cover was not in force")
    RF_05 = "RF-05", _("facts that bar the contract were concealed when it was concluded")
    RF_06 = "RF-06", _("the cause of death is not proved by documents or not established")
    RF_07 = "RF-07", _("the contract was concluded with a person who may not be insured")


class Proof(TextChoices):
    """What the rules want the ground to rest on."""

    FACTS = "facts", _("documents of the case that show it")
    CONFIRMING = "confirming", _("documents that confirm it")
    FOUND = "found", _("a legal act by which the competent body found it so")
    CONCLUSION = "conclusion", _("a conclusion of the competent bodies")


@dataclass(frozen=True)
class Basis:
    """Of a ground. `question`: only who answers yes may use it; it names the exceptions that speak for the person."""

    clause: str
    question: Promise
    proof: Proof = Proof.FACTS
    events: tuple[InsuredEvent, ...] = tuple(InsuredEvent)
    months: int | None = None  # it holds only so long from the contract's first day

    def holds_until(self, contract_since: date) -> date | None:
        """The last day on which what it is about counts; None: it always does."""
        return last_day(contract_since, months=self.months) if self.months else None


DEATH, DISABILITY = (InsuredEvent.DEATH,), (InsuredEvent.DISABILITY,)

BASES: dict[Ground, Basis] = {
    Ground.EX_01: Basis("8.1(1)", _("Did one of these lead to the event, directly or indirectly?")),
    Ground.EX_02: Basis("8.1(2)", _("Did military actions lead to the event, directly or indirectly?")),
    Ground.EX_03: Basis("8.1(3)", _("Did one of these lead to the event, directly or indirectly?")),
    Ground.EX_04: Basis(
        "8.1(4)",
        _(
            "Were the acts aimed at the event or helped it, and were they neither necessary defence nor extreme necessity?"
        ),
    ),
    Ground.EX_05: Basis(
        "8.1(5)", _("Was the act found to be intentional by law, and did it cause the event?"), Proof.FOUND
    ),
    Ground.EX_06: Basis("8.1(6)", _("Was the insured person held by the authorities on that day?"), Proof.CONFIRMING),
    Ground.EX_07: Basis(
        "8.1(7)",
        _("Did the substance lead to the event, and was it not a medicine prescribed by a qualified doctor?"),
        Proof.CONCLUSION,
    ),
    Ground.EX_08: Basis(
        "8.1(8)", _("Is it a sport that 8.1(8) names or one of that kind, and did the event come from it?")
    ),
    Ground.EX_09: Basis(
        "8.1(9)", _("Was the highest speed the aim, and did the insured person drive, co-drive or ride along?")
    ),
    Ground.EX_10: Basis("8.1(10)", _("Did the insured person take part, and was the stunt a danger to life?")),
    Ground.EX_11: Basis("8.1(11)", _("Was it not a passenger aircraft of a licensed airline?")),
    Ground.EX_12: Basis("8.1(12)", _("Did the insured person mean to injure themselves?"), Proof.CONFIRMING),
    Ground.EX_13: Basis("8.1(13)", _("Had the contract been in force for less than two years on that day?"), months=24),
    Ground.EX_14: Basis(
        "8.1(14)", _("Is it work or service that 8.1(14) names, and did the event come from carrying it out?")
    ),
    Ground.EX_15: Basis(
        "8.1(15)",
        _(
            "Is it a disease of the list in 8.1(15), and was it there when the contract was concluded or established in its "
            "first three months?"
        ),
        events=DEATH,
        months=3,
    ),
    Ground.EX_16: Basis(
        "8.1(16)",
        _("Did a disease, a hernia or another disorder lead to the disability, and no accident?"),
        events=DISABILITY,
    ),
    Ground.EX_17: Basis(
        "8.5",
        _("Is money asked for treatment of an illness and not for a disability by an accident?"),
        events=DISABILITY,
    ),
    Ground.RF_01: Basis(
        "8.2(1)",
        _("A question left unanswered is no falsehood (4.5). Was it false, and did the policyholder know so?"),
        Proof.CONFIRMING,
    ),
    Ground.RF_02: Basis("8.2(2)", _("Was it the policyholder who did it, and by which act?")),
    Ground.RF_03: Basis(
        "8.2(3)", _("Did nobody tell the insurer in time, and does nothing prove that it learned of the event in time?")
    ),
    Ground.RF_04: Basis("8.2(4)", _("Was the day of the accident before the cover began or after it ended?")),
    Ground.RF_05: Basis("8.2(5)", _("Was the fact asked for in the application, and did the policyholder know it?")),
    Ground.RF_06: Basis(
        "8.2(6)",
        _("Is there no way left to establish the cause, and was the person not declared dead by a court?"),
        events=DEATH,
    ),
    Ground.RF_07: Basis("8.3", _("Did one of the circumstances of 4.6 exist when the contract was concluded?")),
}


class Lack(TextChoices):
    """Why a refusal cannot be saved yet."""

    EVENT = "event", _("This ground is not about such an event.")
    EVIDENCE = "evidence", _("Say what shows it: the person reads it in the letter.")
    DOCUMENT = "document", _("The rules want a document for this ground. Name the one of this claim.")
    TERM = "term", _("That day lies after the term in which this ground holds.")


def lacks(
    ground: Ground, *, event: InsuredEvent, evidence: str, has_document: bool, contract_since: date, happened_on: date
) -> list[Lack]:
    """What is missing in a refusal. `happened_on`: what the ground is about, the death (EX-13) or the day on which the
    disease was established (EX-15)."""
    basis = BASES[ground]
    until = basis.holds_until(contract_since)
    found = {
        Lack.EVENT: event not in basis.events,
        Lack.EVIDENCE: not evidence.strip(),
        Lack.DOCUMENT: basis.proof != Proof.FACTS and not has_document,
        Lack.TERM: until is not None and happened_on > until,
    }
    return [lack for lack, is_so in found.items() if is_so]


@dataclass(frozen=True)
class Advice:
    clause: str
    words: Promise


# A letter that refuses, or that pays less than was asked for, leaves none of them out (7.10).
HOW_TO_OBJECT: dict[Way, Advice] = {
    Way.INSURER: Advice("13.3", _("Apply to us: we look at the decision again, with whatever you add.")),
    Way.OMBUDSMAN: Advice(
        "13.4", _("Apply to the insurance ombudsman; before that, send us a notice that you are going to.")
    ),
    Way.REGULATOR: Advice("7.10", _("Apply to the authorised body that supervises insurers.")),
    Way.COURT: Advice("13.5", _("Apply to a court.")),
}
