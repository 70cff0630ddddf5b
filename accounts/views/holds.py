"""The links of an SMS or a letter that stop what waits a day. A button first: mail scanners open links."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import services


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def number_change(request: HttpRequest, key: str) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/stop_number_change.html")
    if services.stop_change_by_link(key=key):
        return render(request, "accounts/number_stays.html")
    return render(request, "accounts/nothing_to_stop.html", status=410)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lifting(request: HttpRequest, key: str) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/stop_lifting.html")
    if services.stop_lifting_by_link(key=key):
        return render(request, "accounts/second_step_stays.html")
    return render(request, "accounts/nothing_to_stop.html", status=410)
