"""An insured person with a browser, who presses «reload» when a page does not come."""

import re
import threading
import time
from types import TracebackType
from typing import Self

import httpx

from tests.activation.door import START, facts
from tests.factories import BORN
from tests.faults.house import House
from tests.people import PASSWORD
from tests.waiting import PATIENCE, wait_until

FORM = re.compile(r"<form([^>]*)>(.*?)</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
ACCOUNT, CONFIRM = f"{START}account/", "/activate/confirm/"


class Visitor:
    """Goes through one of the two web servers, and through the other one where the first does not answer.

    `broken` holds every status of 500 and more that it saw.
    """

    def __init__(self, house: House, language: str = "en", *, has_phone: bool = False) -> None:
        self.house = house
        self.id = house.somebody(has_phone=has_phone)
        self.email = f"p{self.id}@example.kz"
        self.broken: list[int] = []
        self.may_reload = threading.Event()
        self.may_reload.set()
        self.port = house.ports[int(self.id) % 2]
        self.browser = httpx.Client(headers={"Accept-Language": language}, timeout=60, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.browser.close()

    def turns_to(self, number: int) -> None:
        self.port = self.house.ports[number - 1]

    # ── The journey ──────────────────────────────────────────────────────────
    def activates(self) -> None:
        self.finds()
        self.begins()
        self.confirms()

    def finds(self) -> httpx.Response:
        return self.fills(START, self.facts)

    def begins(self) -> httpx.Response:
        return self.fills(ACCOUNT, self.choices)

    def confirms(self) -> httpx.Response:
        """Waits for the letter, opens its link in this browser and presses the button."""
        return self.fills(self.link(), {})

    def link(self) -> str:
        wait_until(
            lambda: self.house.letters_to(self.email), f"a letter to {self.email}", instead=self.house.state_of_letters
        )
        text = self.house.letters_to(self.email)[-1].get_body(("plain",)).get_content()
        found = re.search(r"/activate/confirm/\S+", text)
        assert found, text
        return found.group()

    @property
    def facts(self) -> dict[str, str]:
        return facts(self.id, BORN)

    @property
    def choices(self) -> dict[str, str]:
        return {"email": self.email, "password": PASSWORD, "password_again": PASSWORD, "kind": "self"}

    # ── The browser ──────────────────────────────────────────────────────────
    def opens(self, path: str) -> httpx.Response:
        return self.sends("GET", path)

    def fills(self, path: str, answers: dict[str, str]) -> httpx.Response:
        return self.sends("POST", path, answers | self.form_at(path))

    def form_at(self, path: str, action: str = "") -> dict[str, str]:
        """The hidden part of the page's own form, or of the one that leads to `action`."""
        for facts_of_form, content in FORM.findall(self.opens(path).text):
            if (f'action="{action}"' in facts_of_form) if action else ("action=" not in facts_of_form):
                return dict(HIDDEN.findall(content))
        raise AssertionError(f"no form at {path} {action}")

    def sends(self, method: str, path: str, form: dict[str, str] | None = None) -> httpx.Response:
        """The same once more where the connection broke: that is what «reload» does to a form."""
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self.browser.request(method, f"http://127.0.0.1:{self.port}{path}", data=form)
            except httpx.TransportError:
                assert time.monotonic() < ends, f"no web server answers {method} {path}"
                self.may_reload.wait(PATIENCE)
                self.turns_to_the_other_web()
                time.sleep(0.1)
                continue
            if answer.status_code >= 500:
                self.broken.append(answer.status_code)
            return answer

    def turns_to_the_other_web(self) -> None:
        self.port = next(port for port in self.house.ports if port != self.port)
