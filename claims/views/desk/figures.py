"""What is counted in the reviewers' room, and files of it."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.mobile import owner
from claims.forms.figures import ExportForm, ScopeForm
from claims.queries.desk.figures import report
from claims.queries.desk.tables import charts, tables
from claims.services.room_export import export_decisions, export_figures
from claims.views.desk.doors import insurers_read
from policies.forms.scopes import What
from policies.views.scopes import choice_of

PAGE = "claims/desk/export.html"


@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    form = ScopeForm(request.GET, served=insurers_read(request), now=timezone.now())
    page = choice_of(form)
    if not form.errors:
        found = report(form.scope, now=timezone.now())
        page |= {"report": found, "tables": tables(found), "charts": charts(found)}
    return render(request, "claims/desk/figures.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """Sent again it is another file, and another row of the audit trail."""
    now, insurers = timezone.now(), insurers_read(request)
    if request.method != "POST":
        looked_at = ScopeForm(request.GET, served=insurers, now=now)
        initial = looked_at.as_typed() if looked_at.is_valid() else {}
        return render(request, PAGE, {"form": ExportForm(initial=initial, served=insurers, now=now)})
    form = ExportForm(request.POST, served=insurers, now=now)
    if not form.is_valid():
        return render(request, PAGE, {"form": form})
    given = form.cleaned_data
    write = export_figures if given["what"] == What.FIGURES else export_decisions
    file = write(scope=form.scope, kind=given["kind"], reason=given["reason"], by=owner(request), now=now)
    headers = {"Content-Disposition": file.disposition}
    return StreamingHttpResponse(file.content, content_type=file.content_type, headers=headers)
