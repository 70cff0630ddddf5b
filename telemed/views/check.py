"""«Check the connection» (TM-22 … TM-26): what this device can do for each channel. It bars nobody from anything."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.views.mobile import owner
from telemed.rules import CAMERA, SPEED
from telemed.services.check import Measured, take_sample
from telemed.views.talk import with_devices


@never_cache
@require_safe
@login_required
def check(request: HttpRequest) -> HttpResponse:
    width, height = CAMERA
    facts = {"width": width, "height": height, "speed": SPEED, "relays": " ".join(settings.TURN_URLS)}
    return with_devices(render(request, "telemed/check.html", facts))


@never_cache
@require_safe
@login_required
def sample(request: HttpRequest) -> HttpResponse:
    try:
        content = take_sample(by=owner(request), now=timezone.now())
    except Measured:
        return HttpResponse("measured often enough", status=429)
    return HttpResponse(content, content_type="text/plain")
