"""The browser that began learns at once that the link was opened on another device."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from activation.queries import is_pending
from activation.views.passage import begun_in
from core import live


@require_safe
def letter(request: HttpRequest) -> HttpResponseBase:
    activation = begun_in(request)
    if not activation:
        return HttpResponse(status=204)  # nothing to wait for: a browser does not come back
    return live.stream(request, str(activation.public_id), lambda: not is_pending(activation))
