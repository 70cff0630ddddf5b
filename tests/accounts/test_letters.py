"""What allauth writes leaves through the outbox: in the reader's language, with links on PUBLIC_URL."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.test import Client, RequestFactory
from django.utils.functional import lazy
from django.utils.translation import get_language

from accounts.adapters import LETTERS, brand_asked, brand_in
from accounts.models import User
from notices.services.wording import word
from tests.accounts.conftest import Letters
from tests.accounts.doors import is_signed_in, sign_in
from tests.people import PASSWORD, a_person, aigul

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"
NEW = "Qyzgaldaq 26 dala"


def ask_for_reset(client: Client, letters: Letters, email: str = "aigul@example.kz") -> str:
    client.post(RESET, {"email": email})
    return letters()[-1].context["url"].removeprefix("http://127.0.0.1:8000")


def choose(client: Client, link: str, password: str = NEW) -> int:
    form = client.get(link)["Location"]
    return client.post(form, {"password1": password, "password2": password}).status_code


def what_it_says(page: str) -> str:
    return page.partition("<main")[2].partition("</main")[0]


def test_a_known_and_an_unknown_address_get_the_same_page_and_each_a_letter(client: Client, letters: Letters) -> None:
    aigul()
    known = client.post(RESET, {"email": "aigul@example.kz"}, follow=True)
    unknown = Client().post(RESET, {"email": "nobody@example.kz"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert what_it_says(known.text) == what_it_says(unknown.text)
    first, second = letters()
    assert (first.kind, first.to, first.language) == ("password_reset", "aigul@example.kz", "kk")
    assert (second.kind, second.to, second.language) == ("unknown_account", "nobody@example.kz", "ru")
    assert first.secret
    assert second.forget


def test_the_reset_link_works_once_and_kills_every_session(client: Client, letters: Letters) -> None:
    user = aigul()
    elsewhere = Client()
    sign_in(elsewhere)
    link = ask_for_reset(client, letters)
    assert choose(client, link) == 302
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert letters()[-1].kind == "password_changed"
    assert elsewhere.get("/accounts/email/").status_code == 302
    assert "Location" not in client.get(link).headers
    assert not is_signed_in(client)


@pytest.mark.parametrize(("age", "works"), [(timedelta(hours=1), True), (timedelta(hours=1, seconds=1), False)])
def test_the_reset_link_lives_one_hour(client: Client, letters: Letters, age: timedelta, works: bool) -> None:
    aigul()
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        link = ask_for_reset(client, letters)
        clock.move_to(start + age)
        assert (client.get(link).status_code == 302) is works


def test_a_reset_does_not_open_the_door_before_the_address_is_proved(client: Client, letters: Letters) -> None:
    a_person("new@example.kz", verified=False)
    choose(client, ask_for_reset(client, letters, "new@example.kz"))
    assert sign_in(client, "new@example.kz", NEW)["Location"] == "/accounts/confirm-email/"


def test_the_new_password_obeys_the_rule_and_the_page_shows_its_lines(client: Client, letters: Letters) -> None:
    aigul()
    form = client.get(ask_for_reset(client, letters))["Location"]
    assert 'data-pattern="[0-9]"' in client.get(form).text
    refused = client.post(form, {"password1": "Құпиясөз1", "password2": "Құпиясөз1"})
    assert refused.status_code == 200
    assert refused.context["form"].errors["password1"]


def test_a_password_of_128_characters_goes_through_every_form(client: Client, letters: Letters) -> None:
    aigul()
    long = ("aB3$ z" * 22)[:128]
    choose(client, ask_for_reset(client, letters), long)
    assert sign_in(client, password=long)["Location"] == "/"
    assert not is_signed_in(Client())
    assert sign_in(Client(), password=long[:127]).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:666"])
def test_a_forged_host_never_gets_into_a_letter(
    client: Client, letters: Letters, settings: LazySettings, host: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    aigul()
    a_person("new@example.kz", verified=False)
    forged = {"Host": host, "X-Forwarded-Host": host}
    client.post(RESET, {"email": "aigul@example.kz"}, headers=forged)
    client.post(RESET, {"email": "nobody@example.kz"}, headers=forged)
    sign_in(client, "new@example.kz", headers=forged)
    assert len(letters()) == 3
    for letter in letters():
        assert letter.context["url"].startswith("http://127.0.0.1:8000/")
        assert host not in word(letter).text


def test_the_sixth_reset_in_an_hour_is_refused(client: Client, letters: Letters) -> None:
    aigul()
    answers = [client.post(RESET, {"email": "aigul@example.kz"}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(letters()) == 5


def test_a_change_of_password_is_told_and_ends_the_other_sessions(client: Client, letters: Letters) -> None:
    aigul()
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert letters()[-1].kind == "password_changed"
    assert client.get("/accounts/password/change/").status_code == 200
    assert elsewhere.get("/accounts/password/change/").status_code == 302


def change_address(client: Client, email: str) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": email})


def test_a_new_address_serves_once_it_is_proved_and_the_old_one_is_told(client: Client, letters: Letters) -> None:
    user = aigul()
    sign_in(client)
    change_address(client, "gul@example.kz")
    asked = letters()[-1]
    assert (asked.kind, asked.to) == ("confirm_new_address", "gul@example.kz")
    user.refresh_from_db()
    assert user.email == "aigul@example.kz"
    assert "gul@example.kz" in client.get("/accounts/email/").text
    client.post(asked.context["url"].removeprefix("http://127.0.0.1:8000"))
    user.refresh_from_db()
    assert user.email == "gul@example.kz"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [("gul@example.kz", True)]
    assert (letters()[-1].kind, letters()[-1].to) == ("account_changed", "aigul@example.kz")


def test_without_the_password_once_more_no_address_changes(client: Client, letters: Letters) -> None:
    aigul()
    sign_in(client)
    answer = client.post("/accounts/email/", {"action_add": "", "email": "gul@example.kz"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert letters() == []


def test_the_link_to_an_address_that_was_replaced_is_dead(client: Client, letters: Letters) -> None:
    aigul()
    sign_in(client)
    change_address(client, "gul@example.kz")
    first = letters()[-1].context["url"].removeprefix("http://127.0.0.1:8000")
    change_address(client, "lily@example.kz")
    assert client.post(first).status_code == 404


def test_the_letter_is_signed_by_whom_an_app_above_names(client: Client, letters: Letters) -> None:
    aigul()

    def nsk(sender: object, user: User, language: str, **kwargs: object) -> dict[str, str]:
        return {"name": f"НСК {language}", "phone": "8 800 080 00 01", "hours": "", "url": "http://127.0.0.1:8000"}

    brand_asked.connect(nsk)
    try:
        ask_for_reset(client, letters)
    finally:
        brand_asked.disconnect(nsk)
    assert letters()[-1].context["brand"]["name"] == "НСК kk"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_without_an_insurer_the_portal_signs_in_the_letters_language(
    language: str, settings: LazySettings, rf: RequestFactory
) -> None:
    settings.PORTAL_BRAND = {"name": lazy(get_language, str)(), "phone": "8 800 080 00 01"}
    request = rf.get("/")
    request.insurer = None
    assert brand_in(language, request=request, user=None) == {"name": language, "phone": "8 800 080 00 01"}


def test_every_letter_that_allauth_may_send_has_our_wording(letters: Letters, rf: RequestFactory) -> None:
    from allauth.account.adapter import get_adapter
    from allauth.core.context import request_context

    user = aigul()
    request = rf.get("/")
    request.user, request.insurer = user, None
    with request_context(request):
        for prefix in LETTERS:
            get_adapter().send_mail(prefix, user.email, {"user": user, "password_reset_url": "http://127.0.0.1:8000/x"})
    assert len(letters()) == len(LETTERS)
    changes = [word(letter).text for letter in letters() if letter.kind == "account_changed"]
    assert len(set(changes)) == len(changes) == 8
