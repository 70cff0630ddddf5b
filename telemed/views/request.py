"""The request to the duty doctor (TM-30). What was typed is never lost: not to an error, not to a session that ended."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.queries import account_of
from core.form_tokens import sent_once
from core.uploads.views import takes_files
from telemed.forms.request import RequestForm
from telemed.queries.patients import Choice, account_with, patients_of
from telemed.services.drafts import draft_of, keep_draft
from telemed.services.request import AlreadyAsked, NotToBeHad, TooManyRequests, ask_duty_doctor
from telemed.views.entry import to_entry
from telemed.views.patient import is_open, serve_for_patients
from telemed.views.unsent import Beside

TOO_MANY = _("Too many requests today. Call us, and a doctor will be found another way")
NOT_TO_BE_HAD = _("This programme has no duty doctor for this age. Call us, and we will say what is possible")


@takes_files
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def request_duty_doctor(request: HttpRequest) -> HttpResponse:
    user = account_of(request)
    if user is None:
        return kept_for_its_owner(request)
    patients = patients_of(user, now=timezone.now())
    if not any(patient.choices for patient in patients):
        return redirect("telemed:home")
    if not is_open(user, patients):
        return to_entry(request.path)
    serve_for_patients(request, patients)
    choices = [choice for patient in patients if not patient.owes for choice in patient.choices]
    beside = Beside(user, patients[0].person)
    form = form_of(request, beside, choices)
    if form.is_valid() and (answer := asked(form, beside)):
        return answer
    context = {"form": form, "files": beside.shown(), "whose": signer().sign(str(user.pk)), "patients": patients}
    return render(request, "telemed/request.html", context)


def form_of(request: HttpRequest, beside: Beside, choices: list[Choice]) -> RequestForm:
    if beside.is_taken_away(request):
        return RequestForm(choices=choices, initial=RequestForm.typed(request.POST))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return beside.taken_from(RequestForm(*sent, choices=choices, initial=begun(beside.user, choices)))


def asked(form: RequestForm, beside: Beside) -> HttpResponse | None:
    """None: the form says why not."""
    typed = form.cleaned_data
    try:
        consultation = ask_duty_doctor(
            user=beside.user, choice=form.choice, close_one=typed.get("close_one", ""),
            born=typed.get("close_one_born"), told=form.told, files=beside.files, now=timezone.now(),
        )  # fmt: skip
    except AlreadyAsked as already:
        return redirect(already.consultation)
    except TooManyRequests:
        form.add_error(None, TOO_MANY)
    except NotToBeHad:
        form.add_error("whom", NOT_TO_BE_HAD)
    else:
        return redirect(consultation)
    return None


def begun(user: User, choices: list[Choice]) -> dict[str, Any]:
    """What was typed before the session ended; else what most people answer."""
    usual = {"whom": choices[0].key, "language": get_language() or "ru"}
    return usual | draft_of(user, now=timezone.now())


# ── A session that ended meanwhile ───────────────────────────────────────────
def kept_for_its_owner(request: HttpRequest) -> HttpResponse:
    """The page says, signed, whose form it was: if somebody else signs in here next, they read nothing of it."""
    try:
        user = account_with(signer().unsign(request.POST.get("whose", "")))
    except BadSignature:
        user = None
    if user:
        keep_draft(user=user, answers=RequestForm.typed(request.POST), now=timezone.now())
    return redirect_to_login(request.path)


def signer() -> Signer:
    return Signer(salt="telemed.request")
