"""The coordinators' room (TM-45): what goes on now, figures of a period, the requests behind them, files of both.

Nothing of what troubles anybody, of what was said, written or concluded."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.mobile import owner
from policies.forms.scopes import What
from policies.views.scopes import choice_of
from telemed.forms.assistance import ExportForm, ScopeForm
from telemed.queries.figures import report
from telemed.queries.load import load_of, mark_of
from telemed.queries.requests import counts_of, page_of
from telemed.queries.tables import charts, tables
from telemed.rules import ANSWER_WORKING_DAYS
from telemed.rules.figures import TERM_MINUTES, Ending
from telemed.services.export import export_figures, export_requests
from telemed.views.doors import served


@require_safe
def room(request: HttpRequest) -> HttpResponse:
    return redirect("telemed:now")


@never_cache
@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """`mark` is read before the picture: what moves between the two is shown twice rather than never."""
    insurers, instant = served(request), timezone.now()
    mark = mark_of([insurer.pk for insurer in insurers])
    page = {"load": load_of(insurers, now=instant), "insurers": insurers, "mark": mark, "is_live": settings.LIVE}
    return render(request, "telemed/assistance/now.html", page)


@never_cache
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The part of that page which changes by itself."""
    insurers = served(request)
    page = {"load": load_of(insurers, now=timezone.now()), "insurers": insurers}
    return render(request, "telemed/assistance/board.html", page)


@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    page = chosen(request)
    if not page["form"].errors:
        found = report(page["form"].scope, now=timezone.now())
        terms = {"minutes": TERM_MINUTES, "days": ANSWER_WORKING_DAYS}
        page |= {"report": found, "tables": tables(found), "charts": charts(found), **terms}
    return render(request, "telemed/assistance/figures.html", page)


@never_cache
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """`ending`: only those; `before`: where the page before ended. What is neither is not asked for."""
    page, before = chosen(request), request.GET.get("before", "")
    ending = next((one for one in Ending if one == request.GET.get("ending")), None)
    if not page["form"].errors:
        scope = page["form"].scope
        start = int(before) if before.isascii() and before.isdigit() and len(before) < LONGEST_KEY else None
        found = page_of(scope, ending, before=start, now=timezone.now())
        page |= {
            "page": found,
            "older_query": page["form"].query(ending=ending or "", before=found.older),
            "endings": endings(page["form"], counts_of(scope), ending),
            "ending": ending,
        }
    return render(request, "telemed/assistance/requests.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Sent again it is another file, and another row of the audit trail."""
    instant, insurers = timezone.now(), served(request)
    if request.method != "POST":
        looked_at = ScopeForm(request.GET, served=insurers, now=instant)
        form = ExportForm(initial=looked_at.as_typed() if looked_at.is_valid() else {}, served=insurers, now=instant)
        return render(request, "telemed/assistance/export.html", {"form": form})
    form = ExportForm(request.POST, served=insurers, now=instant)
    if not form.is_valid():
        return render(request, "telemed/assistance/export.html", {"form": form})
    write = export_figures if form.cleaned_data["what"] == What.FIGURES else export_requests
    file = write(
        scope=form.scope,
        kind=form.cleaned_data["kind"],
        reason=form.cleaned_data["reason"],
        by=owner(request),
        now=instant,
    )
    headers = {"Content-Disposition": file.disposition}
    return StreamingHttpResponse(file.content, content_type=file.content_type, headers=headers)


# ── Shared ───────────────────────────────────────────────────────────────────
LONGEST_KEY = 19  # digits: more of them no key has


def chosen(request: HttpRequest) -> dict[str, Any]:
    return choice_of(ScopeForm(request.GET, served=served(request), now=timezone.now()))


def endings(form: ScopeForm, counted: dict[Ending, int], wanted: Ending | None) -> list[dict[str, Any]]:
    """Links to the requests that ended so, with how many they are."""
    ways: list[tuple[Any, int, str]] = [(_("all"), sum(counted.values()), "")]
    ways += [(ending.label, counted.get(ending, 0), ending.value) for ending in Ending]
    return [
        {"label": label, "count": count, "href": f"?{form.query(ending=value)}", "current": value == (wanted or "")}
        for label, count, value in ways
    ]
