"""What search engines shall know of: every page for anybody, in every language, each naming the others."""

from typing import TYPE_CHECKING

from django.contrib import sitemaps
from django.contrib.sitemaps.views import sitemap as answer
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from policies.models import Insurer
from telemed.queries.public import doctors_slugs, organisations_slugs
from telemed.views.public import for_anybody, insurer_of

Address = tuple[str, ...]  # the name of a page, and its arguments

if TYPE_CHECKING:
    Addresses = sitemaps.Sitemap[Address]
else:
    Addresses = sitemaps.Sitemap


@for_anybody
def sitemap(request: HttpRequest) -> HttpResponse:
    return answer(request, {"public": PublicPages(insurer_of(request))})


class PublicPages(Addresses):
    i18n = alternates = x_default = True

    def __init__(self, insurer: Insurer | None) -> None:
        self.insurer = insurer

    def items(self) -> list[Address]:
        """Two queries."""
        return [
            ("public:doctors",),
            ("public:organisations",),
            *(("public:organisation", slug) for slug in organisations_slugs(self.insurer)),
            *(("public:doctor", slug) for slug in doctors_slugs(self.insurer)),
        ]

    def location(self, item: Address) -> str:
        return reverse(item[0], args=item[1:])
