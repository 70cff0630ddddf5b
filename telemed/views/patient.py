"""What the patient's pages share: whose account it is, and the way in before the first request (TM-20, TM-21)."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.models import User
from policies.middleware import serve_for
from telemed.models import Consultation
from telemed.queries.patients import Patient
from telemed.queries.section import consultation_of


def consultation_before(request: HttpRequest, public_id: UUID) -> Consultation:
    """Not yours is not found."""
    found = consultation_of(request.user, public_id, now=timezone.now())
    if not found:
        raise Http404
    serve_for(request, found.insurer)
    return found


def is_open(user: User, patients: Sequence[Patient]) -> bool:
    """Whether the account may ask for anybody: a proved number, and somebody's two consents."""
    return bool(user.phone) and any(patient.choices and not patient.owes for patient in patients)


def serve_for_patients(request: HttpRequest, patients: Sequence[Patient]) -> None:
    """A page about several people speaks for the first one's insurer, unless the host names one."""
    if patients and not request.insurer:  # type: ignore[attr-defined]
        serve_for(request, patients[0].person.insurer)
