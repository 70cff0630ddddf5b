"""Mailings to firms' people: preview and start, progress, pause and stop, addresses that came back. SGZ-12, adr/0029."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activation.admin.enrolment import EnrolmentPages
from activation.forms import FORMS
from activation.forms.mailings import BouncesForm, FirmForm, StartForm
from activation.models import Mailing
from activation.queries.mailings import preview, progress, refused_letters
from activation.rules import BY_STAFF, MailingEvent, MailingState, WrongMoment, next_mailing_state
from activation.services.mailings import AlreadyRunning, NobodyToWrite, act_on_mailing, note_bounces, start_mailing
from core.form_tokens import sent_once
from policies.admin.scoped import insurers_of
from policies.models import Organisation, ProductVersion

REFRESH = "5"  # seconds between two looks at a running mailing
MOST_REFUSED = 200  # on a page; the report's file has them all


class MailingAdmin(EnrolmentPages):
    list_display = ["started_at", "programme", "organisation", "state", "pace", "started_by"]
    list_filter = ["state"]
    list_select_related = ["product__insurer", "organisation", "started_by"]
    ordering = ["-started_at", "-pk"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mailing]:
        return super().get_queryset(request).select_related("organisation")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        acts = [
            path(f"<uuid:public_id>/{event}/", view(self.act), {"event": event}, name=f"activation_mailing_{event}")
            for event in BY_STAFF
        ]
        bounces = path("<uuid:public_id>/bounces/", view(self.bounces), name="activation_mailing_bounces")
        return [*acts, bounces, *super().get_urls()]

    # ── Start ────────────────────────────────────────────────────────────────
    @method_decorator(sent_once)
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Which firm's people (GET), whom the letters would reach, and the start (POST)."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        firm = FirmForm(request.GET or None, versions=self._versions(request), firms=self._firms(request))
        form = StartForm(request.POST or None, initial={"pace": settings.MAILING_PACE, "language": get_language()})
        if firm.is_valid() and form.is_valid():
            try:
                return redirect(
                    start_mailing(**firm.cleaned_data, **form.cleaned_data, by=request.user, now=timezone.now())
                )
            except AlreadyRunning:
                form.add_error(None, _("A mailing to this firm’s people has not ended yet: look at the list."))
            except NobodyToWrite:
                form.add_error(None, _("There is nobody to write to."))
        found = self._preview(firm) if firm.is_valid() else None
        return self.show(request, "start", _("Write to a firm’s people"), firm=firm, form=form, preview=found)

    def _preview(self, firm: FirmForm) -> Any:
        now = timezone.now()
        today = firm.cleaned_data["product"].insurer.today(now)
        return preview(firm.cleaned_data["product"], firm.cleaned_data["organisation"], today=today, now=now)

    def _versions(self, request: HttpRequest) -> QuerySet[ProductVersion]:
        """Programmes whose door takes personal links."""
        doors = [door for door, of_door in FORMS.items() if of_door.invited]
        return self.own_versions(request).filter(content__door__in=doors)

    def _firms(self, request: HttpRequest) -> QuerySet[Organisation]:
        firms = Organisation.objects.order_by("name", "pk")
        return firms if request.user.is_superuser else firms.filter(insurer__in=insurers_of(request, self.add_roles))

    # ── Progress ─────────────────────────────────────────────────────────────
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """How far it is, what refused, what may be done. While it runs the page renews itself."""
        mailing = self.get_object(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        may_act = self.has_change_permission(request, mailing)
        response = self.show(
            request, "progress", str(mailing), mailing=mailing, progress=progress(mailing), may_act=may_act,
            acts=[event for event in BY_STAFF if may_act and is_possible(mailing, event)],
            refused=refused_letters(mailing, most=MOST_REFUSED), steps=mailing.steps.select_related("by").order_by("pk"),
        )  # fmt: skip
        if mailing.state == MailingState.RUNNING:
            response["Refresh"] = REFRESH
        return response

    @method_decorator(require_POST)
    @method_decorator(sent_once)
    def act(self, request: HttpRequest, public_id: UUID, event: MailingEvent) -> HttpResponse:
        mailing = self._to_act_on(request, public_id)
        try:
            act_on_mailing(mailing=mailing, event=event, by=request.user, now=timezone.now())
        except WrongMoment:
            messages.warning(request, _("Nothing was done: a colleague was faster, or the last letter is handed out."))
        return redirect(mailing)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    @method_decorator(sent_once)
    def bounces(self, request: HttpRequest, public_id: UUID) -> HttpResponse:
        mailing = self._to_act_on(request, public_id)
        form = BouncesForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            found = form.cleaned_data["bounces"]
            marked = note_bounces(mailing=mailing, addresses=found.addresses, by=request.user, now=timezone.now())
            words = ngettext(
                "%(count)d letter is marked as refused.", "%(count)d letters are marked as refused.", marked
            )
            messages.success(request, words % {"count": marked})
            if found.not_read:
                lines = ", ".join(map(str, found.not_read[:20]))
                messages.warning(request, _("Lines without an address: %(lines)s") % {"lines": lines})
            return redirect(mailing)
        return self.show(request, "bounces", _("Addresses that came back"), mailing=mailing, form=form)

    def _to_act_on(self, request: HttpRequest, public_id: UUID) -> Mailing:
        mailing: Mailing = get_object_or_404(self.get_queryset(request), public_id=public_id)
        if not self.has_change_permission(request, mailing):
            raise PermissionDenied
        return mailing


def is_possible(mailing: Mailing, event: MailingEvent) -> bool:
    try:
        next_mailing_state(MailingState(mailing.state), event)
    except WrongMoment:
        return False
    return True
