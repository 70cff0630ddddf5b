"""An app above core in small: a talk of Aigul's with files. Each view asks for permission, then leaves the rest to core."""

from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template import RequestContext, Template
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.models import Upload
from core.uploads import views
from core.uploads.forms import FilesField, take_files
from core.uploads.lists import FileList, file_list
from core.uploads.queries import upload_of
from core.uploads.rules import Collection, WrongMoment
from core.uploads.services import attach_uploads, withdraw_upload
from core.uploads.views import takes_files
from portal import urls as portal

OWNER = "aigul@example.kz"
TALK = Collection("nsk", "test.talk:1", most_files=10)
PAGE = """
{% extends "layouts/base.html" %}
{% block title %}Talk{% endblock %}
{% block main %}<h1>Talk</h1>
<form method="post" enctype="multipart/form-data" novalidate>{% csrf_token %}{{ form }}{% file_list files %}
<button class="btn">Send</button></form>{% endblock %}
{% block scripts %}{{ block.super }}<script src="{% static 'js/files.js' %}" defer nonce="{{ CSP_NONCE }}"></script>{% endblock %}
"""


class TalkForm(forms.Form):
    trouble = forms.CharField(label="What troubles you?")
    attachments = FilesField()


def permit(request: HttpRequest) -> None:
    if request.user.email != OWNER:
        raise Http404


def files_shown() -> FileList:
    return file_list(
        TALK, address=reverse("talk_files"), stream=reverse("talk_stream"),
        file=lambda public_id: reverse("talk_file", args=[public_id]),
        removal=lambda public_id: reverse("talk_removal", args=[public_id]),
    )  # fmt: skip


def mine(request: HttpRequest, public_id: UUID) -> Upload:
    permit(request)
    upload = upload_of(TALK, public_id)
    if not upload:
        raise Http404
    return upload


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def talk(request: HttpRequest) -> HttpResponse:
    permit(request)
    form = TalkForm(request.POST, request.FILES) if request.method == "POST" else TalkForm()
    if form.is_bound:
        form.full_clean()
        take_files(form, into=TALK, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        if form.is_valid():
            attach_uploads(into=TALK, now=timezone.now())
            return redirect("talk")
    return HttpResponse(Template(PAGE).render(RequestContext(request, {"form": form, "files": files_shown()})))


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def files(request: HttpRequest) -> HttpResponse:
    permit(request)
    if request.method == "POST":
        return views.file_received(request, into=TALK, by=request.user, shown=files_shown)  # type: ignore[arg-type]
    return views.list_shown(request, files_shown())


@require_safe
@login_required
def stream(request: HttpRequest) -> HttpResponseBase:
    permit(request)
    return views.list_watched(request, TALK)


@require_safe
@login_required
def file(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    return views.file_answer(mine(request, public_id), inline="look" in request.GET)


@require_POST
@login_required
def removal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    try:
        withdraw_upload(upload=mine(request, public_id), by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except WrongMoment:
        raise Http404 from None
    return redirect("talk")


@require_safe
@login_required
def original(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    upload = mine(request, public_id)
    return views.original_answer(upload, by=request.user, reason="complaint 7", now=timezone.now())  # type: ignore[arg-type]


urlpatterns = [
    path("talk/", talk, name="talk"),
    path("talk/files/", files, name="talk_files"),
    path("talk/files/<uuid:public_id>/", file, name="talk_file"),
    path("talk/files/<uuid:public_id>/removal/", removal, name="talk_removal"),
    path("talk/files/<uuid:public_id>/original/", original, name="talk_original"),
    path("live/talk/", stream, name="talk_stream"),
    *portal.urlpatterns,
]
