from claims.models.accounts import AccountRequest
from claims.models.calendar import CalendarEdit, Mark
from claims.models.claims import Claim, Step
from claims.models.decisions import Decision, Letter, Objection
from claims.models.documents import BankLink, Certificate, Check, Item, Page, Verdict
from claims.models.later import Examination, Recertification, Stop
from claims.models.loans import BankLetter, LoanSchedule, Repayment, Source
from claims.models.papers import LetterPaper, OmbudsmanPack, Paper, RequestPaper
from claims.models.payees import Application, Consent, Payee
from claims.models.payments import (
    AnswerLine,
    BankAnswer,
    BaseRate,
    Effect,
    Instalment,
    InstalmentKind,
    PaymentFile,
    PaymentOrder,
    Penalty,
)
from claims.models.reviews import Extension, Review, Suspension
from claims.models.staff import Absence, EarlierKnowledge, ExcludedCountry, Note, Opening, Wording
from claims.rules.clock import NEVER

__all__ = [
    "NEVER",
    "Absence",
    "AccountRequest",
    "AnswerLine",
    "Application",
    "BankAnswer",
    "BankLetter",
    "BankLink",
    "BaseRate",
    "CalendarEdit",
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
    "Mark",
    "Note",
    "Objection",
    "OmbudsmanPack",
    "Opening",
    "Page",
    "Paper",
    "Payee",
    "PaymentFile",
    "PaymentOrder",
    "Penalty",
    "Recertification",
    "Repayment",
    "RequestPaper",
    "Review",
    "Source",
    "Step",
    "Stop",
    "Suspension",
    "Verdict",
    "Wording",
]
