from claims.models.claims import NEVER, Claim, Step
from claims.models.decisions import Decision, Letter, LetterPaper, Objection
from claims.models.documents import BankLink, Certificate, Check, Item, Page, Verdict
from claims.models.later import Examination, Recertification
from claims.models.loans import BankLetter, LoanSchedule, Repayment, Source
from claims.models.payees import Application, Consent, Payee
from claims.models.payments import (
    AnswerLine,
    BankAnswer,
    BaseRate,
    Effect,
    Instalment,
    InstalmentKind,
    OrderState,
    PaymentFile,
    PaymentOrder,
)
from claims.models.reviews import Extension, Review, Suspension
from claims.models.staff import Absence, EarlierKnowledge, ExcludedCountry, Note, Opening, Wording

__all__ = [
    "NEVER",
    "Absence",
    "AnswerLine",
    "Application",
    "BankAnswer",
    "BankLetter",
    "BankLink",
    "BaseRate",
    "Certificate",
    "Check",
    "Claim",
    "Consent",
    "Decision",
    "EarlierKnowledge",
    "Effect",
    "Examination",
    "ExcludedCountry",
    "Extension",
    "Instalment",
    "InstalmentKind",
    "Item",
    "Letter",
    "LetterPaper",
    "LoanSchedule",
    "Note",
    "Objection",
    "Opening",
    "OrderState",
    "Page",
    "Payee",
    "PaymentFile",
    "PaymentOrder",
    "Recertification",
    "Repayment",
    "Review",
    "Source",
    "Step",
    "Suspension",
    "Verdict",
    "Wording",
]
