"""What an operator does for a caller: each act has a page that says what follows and asks for the reason."""

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
from django.views.decorators.http import require_http_methods

from accounts.services import NeedsColleague
from activation.admin.deeds import DEEDS, Order, Shown, Subject
from activation.admin.seen import activation_as_seen, cabinet_as_seen
from activation.forms import ReasonForm
from activation.queries import PersonPage, PolicyFile, last_change, person_page
from activation.rules import OPERATOR_CODE, Act, WrongMoment
from core.admin import member_of_staff
from core.form_tokens import sent_once
from core.links import public_url
from policies.admin.scoped import StaffScoped
from policies.middleware import serve_for
from policies.models import Person
from policies.rules import StaffRole


class ActPages(StaffScoped):
    """Of one person: the page of an act. Whoever may only read is refused, somebody else's insured is not found."""

    act_roles = frozenset({StaffRole.OPERATOR})

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @method_decorator(sent_once)
    def act_view(
        self, request: HttpRequest, public_id: UUID, act: Act, policy: UUID | None = None, account: UUID | None = None
    ) -> HttpResponse:
        person = self.person_or_404(request, str(public_id))
        page = person_page(person, now=timezone.now())
        subject = subject_or_404(page, policy, account)
        if not self.allows(request, self.act_roles, person):
            raise PermissionDenied
        if act not in subject.acts:
            return self.too_late(request, page, subject)
        form = ReasonForm(request.POST or None, usual=DEEDS[act].reasons, initial={"seen": seen_by(request, subject)})
        if not form.is_valid():
            return self.show(request, "act", page=page, title=act.label, act=act, subject=subject, form=form)
        order = Order(
            act, subject, person, member_of_staff(request), form.reason, page.now, seen=form.cleaned_data["seen"]
        )
        try:
            shown = DEEDS[act].do(order)
        except NeedsColleague:
            messages.warning(request, _("Nothing was done: you asked for it yourself, so a colleague confirms."))
            return to_page(person)
        except WrongMoment:  # a colleague was faster, between our look and the deed
            return self.too_late(request, page, subject)
        return self.answer(request, page, order, shown)

    def answer(self, request: HttpRequest, page: PersonPage, order: Order, shown: Shown | None) -> HttpResponse:
        """What is shown once is the answer itself and stands nowhere else."""
        if shown is None:
            messages.success(request, DEEDS[order.act].done)
            return to_page(page.person)
        serve_for(request, page.insurer)
        if order.act == Act.DOOR:
            return activation_as_seen(request, order.subject)
        if order.act == Act.HOME:
            return cabinet_as_seen(request, order.subject)
        if order.act == Act.CODE:
            door = public_url("activation:recovery", order.subject.policy.product_version.product.code)
            shown = shown | {"address": door, "until": page.now + OPERATOR_CODE}
        return self.show(request, "shown", page=page, title=order.act.label, subject=order.subject, **shown)

    def too_late(self, request: HttpRequest, page: PersonPage, subject: Subject) -> HttpResponse:
        """Nothing to do here now; most likely somebody has done it already, so the newest change says who and when."""
        text = _("Nothing was done: something has changed since you looked, or it is not possible now.")
        fresh = person_page(page.person, now=page.now)
        file = fresh.policy(subject.policy.public_id) if isinstance(subject, PolicyFile) else None
        if file and (step := file.latest_change):
            at = date_format(timezone.localtime(step.at, page.insurer.zone), "SHORT_DATETIME_FORMAT")
            who = step.by.email if step.by and step.by.is_staff else _("the client")
            last = {"step": step.get_kind_display(), "at": at, "who": who}
            text += " " + _("The latest change: %(step)s, %(at)s, %(who)s.") % last
        messages.warning(request, text)
        return to_page(page.person)

    def person_or_404(self, request: HttpRequest, public_id: str) -> Person:
        """With the insurer. Not yours is not found."""
        person: Person = self.get_object(request, public_id)
        return person

    def show(self, request: HttpRequest, template: str, *, page: PersonPage, **facts: object) -> TemplateResponse:
        """Times are the insurer's."""
        serve_for(request, page.insurer)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "page": page, **facts}
        return TemplateResponse(request, f"admin/activation/{template}.html", context)


def subject_or_404(page: PersonPage, policy: UUID | None, account: UUID | None) -> Subject:
    """Whom or what the address names: a policy that covers the person, an account that sees them, or the person."""
    subject: Subject | None = page
    if policy:
        subject = page.policy(policy)
    elif account:
        subject = page.account(account)
    if subject is None:
        raise Http404
    return subject


def seen_by(request: HttpRequest, subject: Subject) -> int:
    return last_change(subject.policy, not_by=request.user) if isinstance(subject, PolicyFile) else 0


def to_page(person: Person) -> HttpResponse:
    return redirect("admin:activation_insuredperson_change", person.public_id)
