"""What a page must be, whatever it says."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def violations(page: Page) -> str:
    results = Axe().run(page)
    return results.generate_report() if results.violations_count else ""


def overhang(page: Page) -> int:
    """By how many pixels a page scrolls sideways."""
    return int(page.evaluate(SIDEWAYS))
