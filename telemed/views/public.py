"""Medical organisations and doctors for anybody (TM-11): the same page for all who ask, which every cache may keep.

The address says the language and portal.middleware.PublicPagesMiddleware keeps cookies away. Nothing here may read the
visitor, and a page has no nonce: then the same facts are the same bytes, and an ETag spares them (adr/0037).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from core.languages import OWN_NAMES
from policies.models import Insurer
from telemed.queries import public
from telemed.queries.public import DoctorsPage, Wanted, doctors_page, listed
from telemed.rules import Speciality
from telemed.views.schema_org import clinic, physician

FRESH = 300  # seconds: so long a cache may show a doctor who was withdrawn, or a time that was taken

View = Callable[..., HttpResponse]


def for_anybody(view: View) -> View:
    return require_safe(conditional_page(cache_control(public=True, max_age=FRESH)(view)))


@require_safe
def in_own_language(request: HttpRequest, **names: str) -> HttpResponse:
    """An address without a language leads to the reader's: `x-default` of search engines."""
    return HttpResponseRedirect(f"/{request.LANGUAGE_CODE}{request.get_full_path()}")


@for_anybody
def doctors(request: HttpRequest) -> HttpResponse:
    page = doctors_page(wanted_in(request), insurer=insurer_of(request), now=timezone.now())
    return show(request, "doctors", query=query_of(page.wanted), **choices_of(page, request.path))


@for_anybody
def doctor(request: HttpRequest, slug: str) -> HttpResponse:
    insurer = insurer_of(request)
    found = public.published_doctor(slug, insurer=insurer)
    if not found:
        return gone(request, _("There is no such doctor here"))
    (one,) = listed([found], insurer=insurer, now=timezone.now())
    places = public.other_places(found, insurer=insurer)
    return show(request, "doctor", row=one, places=places, structured=physician(found, request.build_absolute_uri))


@for_anybody
def organisations(request: HttpRequest) -> HttpResponse:
    return show(request, "organisations", organisations=public.organisations(insurer_of(request)))


@for_anybody
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    insurer = insurer_of(request)
    found = public.published_organisation(slug, insurer=insurer)
    if not found:
        return gone(request, _("There is no such organisation here"))
    page = doctors_page(wanted_in(request), insurer=insurer, organisation=found, now=timezone.now())
    return show(
        request, "organisation", query=query_of(page.wanted), organisation=found,
        insurers=public.insurers_of(found, insurer=insurer), structured=clinic(found, request.build_absolute_uri),
        **choices_of(page, request.path),
    )  # fmt: skip


def gone(request: HttpRequest, heading: str) -> HttpResponse:
    """Withdrawn, never there, or another insurer's: word by word the same."""
    return show(request, "gone", status=404, heading=heading)


def show(request: HttpRequest, name: str, *, query: str = "", status: int = 200, **context: Any) -> HttpResponse:
    """With the page's one address, whatever was typed, and the same page in each language."""
    address = request.path + query
    context |= {
        "canonical": request.build_absolute_uri(address),
        "alternates": [(code, request.build_absolute_uri(translate_url(address, code))) for code in OWN_NAMES],
        "anyones": request.build_absolute_uri(address.removeprefix(f"/{request.LANGUAGE_CODE}")),
    }
    return render(request, f"telemed/public/{name}.html", context, status=status)


def insurer_of(request: HttpRequest) -> Insurer | None:
    """Whose host this is."""
    return request.insurer or None  # type: ignore[attr-defined]


# ── What narrows a list ──────────────────────────────────────────────────────
def wanted_in(request: HttpRequest) -> Wanted:
    """What is none of ours narrows nothing."""
    speciality, language = request.GET.get("speciality", ""), request.GET.get("language", "")
    number = request.GET.get("page", "")
    return Wanted(
        speciality if speciality in Speciality else "",
        language if language in OWN_NAMES else "",
        int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )


def query_of(wanted: Wanted) -> str:
    """The one way to write it."""
    page = str(wanted.number) if wanted.number > 1 else ""
    said = {"speciality": wanted.speciality, "language": wanted.language, "page": page}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"?{query}" if query else ""


def choices_of(page: DoctorsPage, path: str) -> dict[str, Any]:
    """Links of {% filters %} and {% pager %}, each to the first page of another list or to another page of this one."""
    here, labels = replace(page.wanted, number=1), dict(Speciality.choices)

    def link(choice: Wanted, label: Any, count: int) -> dict[str, Any]:
        return {"label": label, "count": count, "href": path + query_of(choice), "current": choice == here}

    def neighbour(number: int) -> str:
        return path + query_of(replace(here, number=number)) if 1 <= number <= page.pages else ""

    return {
        "page": page,
        "previous": neighbour(page.wanted.number - 1),
        "following": neighbour(page.wanted.number + 1),
        "specialities": [
            link(choice, labels.get(choice.speciality, _("All")), count) for choice, count in page.specialities.items()
        ],
        "languages": [
            link(choice, OWN_NAMES.get(choice.language, _("Any language")), count)
            for choice, count in page.languages.items()
        ],
    }
