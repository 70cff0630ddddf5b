from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core import brand
from core.gallery import SAMPLE_BRAND, samples


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state; with `?brand` in another insurer's colours. For the workshop only."""
    for_the_workshop()
    context = samples()
    if "brand" in request.GET:
        context["face"] = brand.face("Amethyst", SAMPLE_BRAND, reverse("gallery-brand"))
    return render(request, "core/gallery.html", context)


@require_safe
def gallery_brand(request: HttpRequest) -> HttpResponse:
    for_the_workshop()
    return HttpResponse(brand.stylesheet(SAMPLE_BRAND), content_type="text/css")


def for_the_workshop() -> None:
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
