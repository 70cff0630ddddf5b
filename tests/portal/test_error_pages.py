"""What went wrong is said in the reader's language, with what to do, whom to call and which number to tell them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client
from django.utils import timezone, translation

from accounts.hashers import Busy
from accounts.models import User
from policies.rules import AccessKind, AccessScope, StaffRole
from policies.services.access import grant_access
from tests.factories import a_policy, an_insurer
from tests.people import aigul, at_work, marat
from tests.queries import statements

pytestmark = pytest.mark.django_db
HEADINGS = {
    "400": "This request could not be read",
    "403": "This page is closed to you",
    "403_csrf": "The page was open too long",
    "404": "There is no such page",
    "405": "This address does not open by itself",
    "413": "The file is too large",
    "429": "Too many tries",
    "500": "Something broke on our side",
    "503": "The site is closed for a short time",
}
PORTAL, NSK = "8 (800) 070-70-70", "+7 (7172) 72-75-89"
LANGUAGES = ["kk", "ru", "en"]
LARGE = b"x" * 2_700_000


@pytest.fixture(autouse=True)
def a_number_to_call(settings: Any) -> None:
    settings.PORTAL_BRAND = {"name": "My policy", "phone": PORTAL, "hours": "", "url": ""}


def raising(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """The help page meets this error."""

    def fails(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr("portal.views.help_of_everybody", fails)


def forbidden(client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    raising(monkeypatch, PermissionDenied())
    return client.get("/help/")


def broken(client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    raising(monkeypatch, RuntimeError())
    return client.get("/help/")


def busy(client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    raising(monkeypatch, Busy())
    return client.get("/help/")


def without_a_token(client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    client.handler.enforce_csrf_checks = True
    return client.post("/accounts/language/", {"language": "kk"})


def too_often(client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("allauth.core.internal.ratelimit._consume_single_rate", lambda *args, **kwargs: None)
    return client.post("/accounts/password/reset/", {"email": "nobody@example.kz"})


def too_large(client: Client, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("portal.middleware.MOST_CSV_BYTES", 0)  # which staff may send
    return client.post("/help/", LARGE, content_type="application/octet-stream")


Way = Callable[[Client, pytest.MonkeyPatch], Any]
WAYS: dict[str, Way] = {
    "400": lambda client, patch: client.post("/accounts/language/", {"language": "tlh"}),
    "403": forbidden,
    "403_csrf": without_a_token,
    "404": lambda client, patch: client.get("/nowhere/"),
    "405": lambda client, patch: client.get("/accounts/language/"),
    "413": too_large,
    "429": too_often,
    "500": broken,
    "503": busy,
}


def visitor() -> Client:
    return Client(raise_request_exception=False)


def insured() -> Client:
    client = visitor()
    client.force_login(aigul())
    return client


def staff() -> Client:
    client = at_work(marat(), an_insurer(), StaffRole.OPERATOR)
    client.raise_request_exception = False
    return client


def assert_says(answer: Any, name: str, language: str, phone: str = PORTAL) -> None:
    page = answer.text
    assert answer.status_code == int(name[:3])
    with translation.override(language):
        assert f"<h1>{translation.gettext(HEADINGS[name])}</h1>" in page
    assert f'<html lang="{language}">' in page
    assert answer["Content-Language"] == language
    assert phone in page
    assert f'<b class="num">{answer["X-Request-ID"][:8]}</b>' in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WAYS)
def test_a_visitor_reads_it_in_the_browsers_language(name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = visitor()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    assert_says(WAYS[name](client, monkeypatch), name, language)


@pytest.mark.parametrize("who", [insured, staff])
@pytest.mark.parametrize("name", WAYS)
def test_who_is_signed_in_reads_it_in_the_accounts_language(
    name: str, who: Callable[[], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = who()
    User.objects.update(language="kk")
    assert_says(WAYS[name](client, monkeypatch), name, "kk")


def test_staff_are_led_back_to_their_own_side() -> None:
    assert 'href="/staff/"' in staff().get("/nowhere/").text
    assert 'href="/staff/"' not in insured().get("/nowhere/").text


@pytest.mark.parametrize("name", sorted(set(WAYS) - {"500", "503"}))
def test_on_an_insurers_host_its_own_number_stands_there(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    an_insurer()
    client = visitor()
    client.defaults |= {"HTTP_HOST": "nsk.localhost", "HTTP_ACCEPT_LANGUAGE": "ru"}
    answer = WAYS[name](client, monkeypatch)
    assert_says(answer, name, "ru", NSK)
    assert PORTAL not in answer.text
    assert " — НСК</title>" in answer.text
    assert "Мой полис" not in answer.text


def test_an_insured_person_reads_the_number_of_their_insurer() -> None:
    client, user, policy = visitor(), aigul(), a_policy()
    grant_access(
        user=user,
        person=policy.insured,
        kind=AccessKind.SELF,
        scope=AccessScope.FULL,
        proof="facts",
        by=user,
        now=timezone.now(),
    )
    client.force_login(user)
    assert NSK in client.get("/nowhere/").text


def test_a_fault_after_the_insurer_was_found_gives_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    an_insurer()
    monkeypatch.setattr("activation.views.start.FORMS", None)
    assert NSK in visitor().get("/activate/sphera/").text


# ── Where the language can be changed ────────────────────────────────────────
@pytest.mark.parametrize("name", sorted(set(WAYS) - {"500", "503"}))
def test_the_language_can_be_changed_where_that_works(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = WAYS[name](visitor(), monkeypatch).text
    assert 'action="/accounts/language/"' in page
    assert 'name="csrfmiddlewaretoken"' in page


@pytest.mark.parametrize("name", ["500", "503"])
def test_a_page_about_our_own_fault_offers_no_form(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "<form" not in WAYS[name](visitor(), monkeypatch).text


# ── Without a database, without a host, without a language ───────────────────
@pytest.mark.parametrize("name", ["500", "503"])
def test_a_page_about_our_own_fault_asks_the_database_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = visitor()
    with statements() as made:
        assert_says(WAYS[name](client, monkeypatch), name, "ru")
    assert made == []


def test_without_a_database_a_page_that_needs_one_ends_in_the_page_that_asks_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """404 asks for the insurer of the host, cannot, and is answered one step further out."""

    def is_away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError

    monkeypatch.setattr("policies.middleware.insurer_of_host", is_away)
    assert_says(visitor().get("/nowhere/"), "503", "ru")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_host_that_is_not_ours_is_told_so_without_a_form(settings: Any, language: str) -> None:
    settings.ALLOWED_HOSTS = ["mp.example"]
    answer = visitor().get("/", headers={"Host": "evil.example", "Accept-Language": language})
    assert_says(answer, "400", language)
    assert "<form" not in answer.text


def test_the_language_of_the_request_before_does_not_stick_to_the_thread(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    visitor().get("/help/", headers={"Accept-Language": "kk"})
    assert_says(visitor().get("/", headers={"Host": "evil.example", "Accept-Language": "en"}), "400", "en")


def test_the_chosen_language_counts_before_any_account_is_known(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["mp.example"]
    client = visitor()
    client.cookies["__Host-language"] = "en"
    assert_says(client.get("/", headers={"Host": "evil.example", "Accept-Language": "kk"}), "400", "en")


# ── Too large ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("limit", "is_read"), [(2_621_440, False), (9_000_000, True)])
def test_a_body_above_the_limit_is_not_even_read(
    settings: Any, monkeypatch: pytest.MonkeyPatch, limit: int, is_read: bool
) -> None:
    """Control: below the limit it is, on the way to the form's token."""
    read: list[int] = []

    def parse(self: Any) -> tuple[dict[str, str], dict[str, str]]:
        read.append(1)
        return {}, {}

    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.parse", parse)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = limit
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")  # for the cookie: without one no form is looked at
    client.post("/accounts/email/", {"file": LARGE.decode()})
    assert bool(read) is is_read


def test_staff_may_send_a_register_but_nothing_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.middleware.MOST_CSV_BYTES", 3_000_000)
    monkeypatch.setattr("portal.middleware.MIB", 0)
    client = staff()
    assert client.post("/nowhere/", LARGE, content_type="text/csv").status_code == 404
    assert client.post("/nowhere/", LARGE * 2, content_type="text/csv").status_code == 413
    assert visitor().post("/nowhere/", LARGE, content_type="text/csv").status_code == 413


@pytest.mark.parametrize("length", ["", "-1", "many", "²"])
def test_a_length_that_is_no_number_is_no_length(length: str) -> None:
    assert visitor().get("/help/", headers={"Content-Length": length}).status_code == 200


def test_a_form_of_too_many_fields_could_not_be_read(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    fields = {f"field{number}": "" for number in range(9)}
    assert_says(visitor().post("/accounts/login/", fields), "400", "ru")


def test_a_form_of_too_many_words_is_too_large(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    client = staff()  # the form of a person who may send large files, but this is none
    answer = client.post("/accounts/language/", "x=" + "y" * 200, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
