"""Files beside a form about somebody: sent one by one while it is filled in, before what they belong to exists."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.views.mobile import owner
from core.uploads.forms import take_files
from core.uploads.lists import FileList, file_list
from core.uploads.queries import upload_of
from core.uploads.rules import Collection, WrongMoment
from core.uploads.services import withdraw_upload
from core.uploads.views import file_answer, file_received, list_shown, list_watched, takes_files
from policies.models import Person
from telemed.forms.declared import DeclaredForm
from telemed.queries.files import person_seen, unsent_files

View = Callable[..., HttpResponseBase]
Declared = TypeVar("Declared", bound=DeclaredForm)


@dataclass(frozen=True)
class Beside:
    """What an account has sent beside its form about a person."""

    user: User
    person: Person

    @property
    def files(self) -> Collection:
        return unsent_files(self.user, self.person)

    def shown(self) -> FileList:
        person = self.person.public_id
        return file_list(
            self.files, address=reverse("telemed:unsent_files", args=[person]),
            stream=reverse("telemed:live_unsent_files", args=[person]),
            file=lambda one: reverse("telemed:unsent_file", args=[person, one]),
            removal=lambda one: f"?take_away={one}",  # to the form's own page: what was typed comes along
        )  # fmt: skip

    def taken_from(self, form: Declared) -> Declared:
        """The form, its files taken also where its other answers are wrong."""
        if form.is_bound:
            form.full_clean()
            take_files(form, into=self.files, by=self.user, now=timezone.now())
        return form

    def is_taken_away(self, request: HttpRequest) -> bool:
        """The form was sent for that alone, and is to be drawn again as it was typed."""
        try:
            wanted = UUID(request.GET.get("take_away", ""))
        except ValueError:
            return False
        upload = upload_of(self.files, wanted) if request.method == "POST" else None
        if upload:
            with suppress(WrongMoment):  # the form was sent from another window
                withdraw_upload(upload=upload, by=self.user, now=timezone.now())
        return request.method == "POST"


def of_person(view: View) -> View:
    """`view` gets what lies beside this account's form about the person of the address. Not yours is not found."""

    @wraps(view)
    def with_files(request: HttpRequest, person: UUID, **more: Any) -> HttpResponseBase:
        user = owner(request)
        seen = person_seen(user, person, now=timezone.now())
        if seen is None:
            raise Http404
        return view(request, Beside(user, seen), **more)

    return login_required(with_files)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@of_person
def files(request: HttpRequest, beside: Beside) -> HttpResponse:
    """For static/js/files.js: the list; by POST one file more."""
    if request.method == "POST":
        return file_received(request, into=beside.files, by=beside.user, shown=beside.shown)
    return list_shown(request, beside.shown())


@never_cache
@require_safe
@of_person
def file(request: HttpRequest, beside: Beside, file: UUID) -> HttpResponseBase:
    upload = upload_of(beside.files, file)
    if upload is None:
        raise Http404
    return file_answer(upload, inline=True)


@require_safe
@of_person
def live(request: HttpRequest, beside: Beside) -> HttpResponseBase:
    return list_watched(request, beside.files)
