"""What an operator does for a caller: each act has a page that says what follows and asks for the reason."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.services import NeedsColleague
from activation.forms import ReasonForm
from activation.queries import FilePage, file_page, last_change
from activation.rules import OPERATOR_CODE, Act, WrongMoment
from activation.services import operate
from core.form_tokens import sent_once
from core.links import public_url
from policies.admin.scoped import StaffScoped
from policies.middleware import serve_for
from policies.models import Policy
from policies.queries import policy_with_insured
from policies.rules import StaffRole

Shown = dict[str, str]  # what the answer shows this one time, by name


def send_letter(page: FilePage, *, by: Any, reason: str, now: datetime, seen: int) -> None:
    activation: Any = page.activation
    if not operate.resend_letter(activation=activation, by=by, reason=reason, now=now, seen=seen):
        raise WrongMoment("there is nothing to confirm any more")


def unlock(page: FilePage, *, by: Any, reason: str, now: datetime, seen: int) -> None:
    operate.unlock(policy=page.policy, by=by, reason=reason, now=now, seen=seen)


def issue_code(page: FilePage, *, by: Any, reason: str, now: datetime, seen: int) -> Shown:
    code = operate.issue_code(policy=page.policy, by=by, reason=reason, now=now, seen=seen)
    return {"code": f"{code[:4]} {code[4:]}"}


def undo(page: FilePage, *, by: Any, reason: str, now: datetime, seen: int) -> None:
    operate.undo_activation(activation=page.activation, by=by, reason=reason, now=now, seen=seen)  # type: ignore[arg-type]


def show_iin(page: FilePage, *, by: Any, reason: str, now: datetime, seen: int) -> Shown:
    return operate.reveal(policy=page.policy, what=Act.IIN, by=by, reason=reason)


def show_contacts(page: FilePage, *, by: Any, reason: str, now: datetime, seen: int) -> Shown:
    return operate.reveal(policy=page.policy, what=Act.CONTACTS, by=by, reason=reason)


def ask_to_lift_factor(page: FilePage, *, by: Any, reason: str, now: datetime, seen: int) -> None:
    operate.ask_to_lift_factor(activation=page.activation, by=by, reason=reason, now=now, seen=seen)  # type: ignore[arg-type]


def confirm_lifting(page: FilePage, *, by: Any, reason: str, now: datetime, seen: int) -> None:
    operate.confirm_lifting(activation=page.activation, by=by, reason=reason, now=now, seen=seen)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Deed:
    do: Callable[..., Shown | None]
    done: Any = ""  # what the file says afterwards; nothing where the answer itself shows something
    reasons: list[Any] = field(default_factory=list)


CALLER_KNEW = gettext_lazy("The caller named the full name, birth date and contract number")
COMPARE = gettext_lazy("To compare with what the caller names")
DEEDS = {
    Act.LETTER: Deed(
        send_letter,
        gettext_lazy("The letter is on its way. The link in the earlier one no longer works."),
        [
            gettext_lazy("The letter did not come"),
            gettext_lazy("The link ran out"),
            gettext_lazy("The letter was lost"),
        ],
    ),
    Act.LOCK: Deed(
        unlock,
        gettext_lazy("Unlocked. The caller may try again."),
        [CALLER_KNEW, gettext_lazy("The caller mistyped the ID or the birth date")],
    ),
    Act.CODE: Deed(
        issue_code,
        reasons=[CALLER_KNEW, gettext_lazy("The phone on file is not the caller’s any more")],
    ),
    Act.UNDO: Deed(
        undo,
        gettext_lazy("The activation is undone. The policy can be activated again."),
        [
            gettext_lazy("Somebody else activated the policy"),
            gettext_lazy("Activated with a wrong e-mail"),
            gettext_lazy("Activated for the wrong person"),
        ],
    ),
    Act.FACTOR: Deed(
        ask_to_lift_factor,
        gettext_lazy("Asked. Now another colleague opens this file and confirms."),
        [
            gettext_lazy("The phone with the app or the passkey is lost"),
            gettext_lazy("The app was deleted, and there are no recovery codes"),
        ],
    ),
    Act.FACTOR_CONFIRMED: Deed(
        confirm_lifting,
        gettext_lazy("Confirmed. The client is told at every contact, and a day from now the second step is lifted."),
        [gettext_lazy("I have called the client back at the number on file"), CALLER_KNEW],
    ),
    Act.IIN: Deed(show_iin, reasons=[COMPARE, gettext_lazy("The insurer asks for it in writing")]),
    Act.CONTACTS: Deed(show_contacts, reasons=[COMPARE, gettext_lazy("To find a mistake in the address")]),
}


class ActPages(StaffScoped):
    """Of one file: the page of an act. Whoever may only read is refused, somebody else's insured is not found."""

    act_roles = frozenset({StaffRole.OPERATOR})

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @method_decorator(sent_once)
    def act_view(self, request: HttpRequest, public_id: UUID, act: Act) -> HttpResponse:
        policy, now = self.policy_or_404(request, str(public_id)), timezone.now()
        if not self.allows(request, self.act_roles, policy):
            raise PermissionDenied
        page = file_page(policy, now=now)
        if act not in page.acts:
            return self.too_late(request, page)
        seen = {"seen": last_change(policy, not_by=request.user)}
        form = ReasonForm(request.POST or None, usual=DEEDS[act].reasons, initial=seen)
        if not form.is_valid():
            return self.show(request, "act", page=page, title=act.label, act=act, form=form)
        try:
            shown = DEEDS[act].do(page, by=request.user, reason=form.reason, now=now, seen=form.cleaned_data["seen"])
        except NeedsColleague:
            messages.warning(request, _("Nothing was done: you asked for it yourself, so a colleague confirms."))
            return self.to_file(policy)
        except WrongMoment:  # a colleague was faster, between our look and the deed
            return self.too_late(request, file_page(policy, now=now))
        return self.answer(request, page, act, shown)

    def answer(self, request: HttpRequest, page: FilePage, act: Act, shown: Shown | None) -> HttpResponse:
        """What is shown once is the answer itself and stands nowhere else."""
        if shown is None:
            messages.success(request, DEEDS[act].done)
            return self.to_file(page.policy)
        where = public_url("activation:recovery", page.policy.product_version.product.code)
        until = page.now + OPERATOR_CODE
        return self.show(request, "shown", page=page, title=act.label, address=where, until=until, **shown)

    def too_late(self, request: HttpRequest, page: FilePage) -> HttpResponse:
        """Nothing to do here now; most likely somebody has done it already, so the newest change says who and when."""
        text = _("Nothing was done: something has changed since you looked, or it is not possible now.")
        if step := page.latest_change:
            at = date_format(timezone.localtime(step.at, page.policy.insurer.zone), "SHORT_DATETIME_FORMAT")
            who = step.by.email if step.by and step.by.is_staff else _("the client")
            last = {"step": step.get_kind_display(), "at": at, "who": who}
            text += " " + _("The latest change: %(step)s, %(at)s, %(who)s.") % last
        messages.warning(request, text)
        return self.to_file(page.policy)

    def policy_or_404(self, request: HttpRequest, public_id: str) -> Policy:
        file = self.get_object(request, public_id)  # not yours is not found
        policy = policy_with_insured(pk=file.pk)
        if not policy:
            raise Http404
        return policy

    def show(self, request: HttpRequest, template: str, *, page: FilePage, **facts: Any) -> TemplateResponse:
        """Times are the insurer's."""
        serve_for(request, page.policy.insurer)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "page": page, **facts}
        return TemplateResponse(request, f"admin/activation/{template}.html", context)

    def to_file(self, policy: Policy) -> HttpResponse:
        return redirect("admin:activation_insuredfile_change", policy.public_id)
