"""Somebody in a browser of their own. Links, buttons, labels and headings are named by their msgids."""

from datetime import date
from typing import Self

from playwright.sync_api import BrowserContext, expect

from policies.models import Policy
from tests.factories import BORN
from tests.journeys.words import says
from tests.people import PASSWORD


class Visitor:
    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        (self.page,) = context.pages
        self.main = self.page.locator("main")

    # ── One act each ──
    def opens(self, address: str) -> Self:
        self.page.goto(address)
        return self

    def follows(self, link: str) -> Self:
        self.main.get_by_role("link", name=says(link), exact=True).click()
        return self

    def follows_text(self, link: str) -> Self:
        self.main.get_by_role("link", name=link).first.click()
        return self

    def turns_to(self, section: str) -> Self:
        """By the header, where the sections and the profile are."""
        self.page.get_by_role("banner").get_by_role("link", name=says(section), exact=True).click()
        return self

    def presses(self, button: str) -> Self:
        self.main.get_by_role("button", name=says(button), exact=True).click()
        return self

    def types(self, text: str, into: str) -> Self:
        self.main.get_by_label(says(into), exact=True).fill(text)
        return self

    def picks(self, choice: str) -> Self:
        self.main.get_by_label(says(choice), exact=True).check()
        return self

    def switches_to(self, language: str) -> Self:
        self.page.locator(f".langs button[value={language}]").click()
        return self

    # ── What is seen ──
    def is_at(self, heading: str, **facts: object) -> Self:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(says(heading, **facts))
        return self

    def reads(self, words: str, **facts: object) -> Self:
        return self.reads_text(says(words, **facts))

    def reads_text(self, text: str) -> Self:
        expect(self.main).to_contain_text(text)
        return self

    def does_not_read(self, words: str) -> Self:
        expect(self.main).not_to_contain_text(says(words))
        return self

    # ── Several acts that many stories share ──
    def gives_facts(self, insured_id: str = "4410 0275 31", born: date = BORN) -> Self:
        self.types(insured_id, into="ID of the insured person")
        self.types(f"{born:%d}", into="Day").types(f"{born:%m}", into="Month").types(f"{born:%Y}", into="Year")
        return self

    def finds(self, policy: Policy, born: date = BORN) -> Self:
        """Step 1, right or wrong."""
        self.opens(f"/activate/{policy.product_version.product.code}/")
        return self.gives_facts(policy.insured_id, born).presses("Continue")

    def chooses(self, email: str = "aigul@example.kz", password: str = PASSWORD) -> Self:
        self.types(email, into="E-mail").types(password, into="Password")
        return self.types(password, into="The same password again").presses("Send the letter")

    def signs_in(self, email: str = "aigul@example.kz", password: str = PASSWORD) -> Self:
        self.opens("/accounts/login/")
        return self.types(email, into="E-mail or mobile number").types(password, into="Password").presses("Sign in")
