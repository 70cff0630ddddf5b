"""WeasyPrint with every door closed."""

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.documents import NotFetched

NOWHERE = "file:///nowhere/"  # makes a relative address absolute, so that it is refused like any other


class DataOnly(URLFetcher):
    """Opens data: and nothing else. Inside SVG pictures WeasyPrint passes over an error, so it is remembered here."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",))
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith("data:"):
            self.refused.append(url)
        return super().fetch(url, headers)


def from_html(html: str) -> bytes:
    """Raise NotFetched where it names an address, even if the page would do without."""
    fetcher = DataOnly()
    document: bytes = HTML(string=html, base_url=NOWHERE, url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1")
    if fetcher.refused:
        raise NotFetched(f"{len(fetcher.refused)} addresses, the first with {fetcher.refused[0].partition(':')[0]}:")
    return document
