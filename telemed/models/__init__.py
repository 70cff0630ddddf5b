from telemed.models.attempts import Attempt, Dialling
from telemed.models.conclusions import SECTIONS, Conclusion, ConclusionDocument, Draft
from telemed.models.consultations import Consultation, ConsultationStep
from telemed.models.doctors import Doctor, MedicalOrganisation
from telemed.models.duty import DeskPresence, DutySpan, PresenceSpan, RequestDraft
from telemed.models.payments import PaidBack
from telemed.models.phrases import Phrase
from telemed.models.quality import ClaimAnswer, QualityClaim, Rating
from telemed.models.schedule import Absence, Hours
from telemed.models.talk import CallSignal, Message
from telemed.models.windows import Paper, PaperCopy, Stars, Traffic

__all__ = [
    "SECTIONS",
    "Absence",
    "Attempt",
    "CallSignal",
    "ClaimAnswer",
    "Conclusion",
    "ConclusionDocument",
    "Consultation",
    "ConsultationStep",
    "DeskPresence",
    "Dialling",
    "Doctor",
    "Draft",
    "DutySpan",
    "Hours",
    "MedicalOrganisation",
    "Message",
    "PaidBack",
    "Paper",
    "PaperCopy",
    "Phrase",
    "PresenceSpan",
    "QualityClaim",
    "Rating",
    "RequestDraft",
    "Stars",
    "Traffic",
]
