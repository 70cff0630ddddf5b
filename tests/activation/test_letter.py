"""Step 3: the letter, its link, the browser that began, the password (NSK-13…15, security.md 2.3)."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from time_machine import Traveller

from accounts.models import User
from activation.models import Activation, Step
from activation.rules import LETTERS_A_DAY, State
from activation.services.begin import SALT
from activation.services.expire import expire_activations
from activation.views.passage import BEGUN_COOKIE
from notices.models import Notice
from policies.models import Access
from policies.rules import AccessKind, AccessScope
from tests.activation.door import Visitor, link_in_last_letter
from tests.factories import a_policy
from tests.people import PASSWORD, aigul

pytestmark = pytest.mark.django_db


def state() -> str:
    return Activation.objects.latest("pk").state


def is_signed_in(visitor: Visitor) -> bool:
    return "_auth_user_id" in visitor.client.session


def begun(**answers: str) -> Visitor:
    a_policy()
    visitor = Visitor()
    answer = visitor.begins(**answers)
    assert answer["Location"] == "/activate/letter/"
    return visitor


# ── A known address ──────────────────────────────────────────────────────────
def test_a_known_address_gets_the_same_page_and_another_letter() -> None:
    aigul()
    a_policy()
    visitor = Visitor()
    known = visitor.begins()
    assert known["Location"] == "/activate/letter/"
    page = visitor.follows("/activate/letter/").content
    assert b"aigul@example.kz" in page
    notice = Notice.objects.get()
    assert (notice.kind, notice.to) == ("account_known", "aigul@example.kz")


def test_a_known_address_is_not_taken_over() -> None:
    owner = aigul()
    a_policy()
    visitor = Visitor()
    visitor.begins(password="Another 1950")
    visitor.client.post("/activate/letter/end/")
    assert not is_signed_in(visitor)
    assert not EmailAddress.objects.filter(verified=True).exclude(user=owner).exists()


# ── The link ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_following_the_link_changes_nothing(method: str) -> None:
    visitor = begun()
    getattr(visitor.client, method)(link_in_last_letter())
    assert state() == State.PENDING
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_the_button_in_the_browser_that_began_opens_the_cabinet() -> None:
    visitor = begun()
    assert visitor.confirms(link_in_last_letter())["Location"] == "/"
    assert is_signed_in(visitor)
    assert state() == State.FINISHED
    access = Access.objects.get()
    assert (access.kind, access.scope) == (AccessKind.SELF, AccessScope.LIMITED)


def test_a_mail_scanner_that_follows_and_submits_proves_the_address_at_most() -> None:
    begun()
    scanner = Visitor()
    scanner.client.head(link_in_last_letter())
    scanner.follows(link_in_last_letter())
    scanner.confirms(link_in_last_letter())
    assert not is_signed_in(scanner)
    assert state() == State.CONFIRMED
    assert not Access.objects.exists()


def test_after_the_scanner_the_password_finishes() -> None:
    begun()
    Visitor().confirms(link_in_last_letter())
    elsewhere = Visitor()
    elsewhere.signs_in()
    assert is_signed_in(elsewhere)
    assert state() == State.FINISHED


def test_after_the_scanner_the_browser_that_began_finishes() -> None:
    visitor = begun()
    Visitor().confirms(link_in_last_letter())
    assert visitor.client.post("/activate/letter/end/")["Location"] == "/"
    assert state() == State.FINISHED


def test_a_finished_activation_signs_nobody_in_again() -> None:
    """Somebody else at the same library computer, an hour later, with its cookie and the letter's link."""
    visitor = begun()
    link = link_in_last_letter()
    begun_cookie = visitor.client.cookies[BEGUN_COOKIE].value
    visitor.confirms(link)
    next_one = Visitor()
    next_one.client.cookies[BEGUN_COOKIE] = begun_cookie
    next_one.confirms(link)
    next_one.client.post("/activate/letter/end/")
    assert not is_signed_in(next_one)


def test_before_the_link_nothing_finishes() -> None:
    visitor = begun()
    assert visitor.client.post("/activate/letter/end/")["Location"] == "/activate/letter/"
    Visitor().signs_in()
    assert state() == State.PENDING


def test_sign_in_before_the_link_is_refused_and_the_letter_offered() -> None:
    begun()
    elsewhere = Visitor()
    answer = elsewhere.signs_in()
    assert answer["Location"] == "/accounts/confirm-email/"
    assert not is_signed_in(elsewhere)


def test_a_wrong_password_finishes_nothing() -> None:
    begun()
    Visitor().confirms(link_in_last_letter())
    Visitor().signs_in(password="Wrong 1950")
    assert state() == State.CONFIRMED


@pytest.mark.parametrize(("hours", "works"), [(71, True), (73, False)])
def test_the_link_lives_72_hours(clock: Traveller, hours: int, works: bool) -> None:
    begun()
    clock.shift(timedelta(hours=hours))
    Visitor().confirms(link_in_last_letter())
    assert (state() == State.CONFIRMED) is works


@pytest.mark.parametrize(
    "token", ["x", "WyJhIiwxXQ:1:2", "WyJub3QtYS11dWlkIiwxXQ:1xUkUK:vXm87OywQO05eqWIpKcEZ287qrcaPqGOkMwRg9JfhJU"]
)
def test_a_forged_link_says_so_and_what_to_do(token: str) -> None:
    answer = Visitor().confirms(f"/activate/confirm/{token}/")
    assert answer.status_code == 200
    assert b"no longer works" in answer.content


def test_the_links_host_comes_from_the_settings(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # even where nobody checked the header before
    a_policy()
    visitor = Visitor(HTTP_HOST="evil.example")
    visitor.begins()
    assert Notice.objects.get().context["url"].startswith("http://127.0.0.1:8000/")


def test_the_link_carries_neither_id_nor_name_nor_address() -> None:
    begun()
    payload = signing.loads(link_in_last_letter().split("/")[-2], salt=SALT)
    activation = Activation.objects.get()
    assert payload == [str(activation.public_id), 1]


# ── The letter again, another address ────────────────────────────────────────
def test_a_new_letter_kills_the_earlier_link(clock: Traveller) -> None:
    visitor = begun()
    first = link_in_last_letter()
    clock.shift(timedelta(minutes=3))
    visitor.sends("/activate/letter/copies/")
    assert Notice.objects.count() == 2
    Visitor().confirms(first)
    assert state() == State.PENDING
    Visitor().confirms(link_in_last_letter())
    assert state() == State.CONFIRMED


def test_a_letter_goes_once_in_three_minutes_and_five_a_day(clock: Traveller) -> None:
    visitor = begun()
    visitor.sends("/activate/letter/copies/")
    assert Notice.objects.count() == 1
    for _ in range(LETTERS_A_DAY + 2):
        clock.shift(timedelta(minutes=3))
        visitor.sends("/activate/letter/copies/")
    assert Notice.objects.count() == 1 + LETTERS_A_DAY


def test_the_browser_that_began_corrects_the_address(clock: Traveller) -> None:
    visitor = begun(email="aigul@exmaple.kz")
    wrong = link_in_last_letter()
    clock.shift(timedelta(minutes=3))
    visitor.sends("/activate/letter/address/", {"email": "aigul@example.kz"})
    assert Notice.objects.latest("pk").to == "aigul@example.kz"
    Visitor().confirms(wrong)
    assert state() == State.PENDING
    visitor.confirms(link_in_last_letter())
    assert state() == State.FINISHED
    assert User.objects.get().email == "aigul@example.kz"
    Visitor().signs_in()


def test_another_browser_corrects_nothing(clock: Traveller) -> None:
    begun()
    clock.shift(timedelta(minutes=3))
    Visitor().sends("/activate/letter/address/", {"email": "thief@example.kz"})
    assert Activation.objects.get().email == "aigul@example.kz"


def test_an_address_that_is_none_is_refused_on_the_same_page() -> None:
    answer = begun().sends("/activate/letter/address/", {"email": "nowhere"})
    assert answer.context["form"].errors["email"]


# ── Time ─────────────────────────────────────────────────────────────────────
def test_what_is_not_finished_in_72_hours_ends_with_its_account(clock: Traveller) -> None:
    from django.utils import timezone

    begun()
    clock.shift(timedelta(hours=71))
    assert expire_activations(now=timezone.now()) == 0
    clock.shift(timedelta(hours=2))
    assert expire_activations(now=timezone.now()) == 1
    assert expire_activations(now=timezone.now()) == 0
    assert state() == State.EXPIRED
    assert not User.objects.exists()


def test_an_account_with_another_policy_survives_the_end_of_an_activation(clock: Traveller) -> None:
    from django.utils import timezone

    begun().confirms(link_in_last_letter())
    clock.shift(timedelta(hours=100))
    expire_activations(now=timezone.now())
    assert User.objects.count() == 1


def test_every_step_is_kept_with_its_time() -> None:
    begun().confirms(link_in_last_letter())
    kinds = list(Step.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["open", "begun", "confirm", "finish"]


@pytest.mark.parametrize("path", ["/activate/letter/copies/", "/activate/letter/address/", "/activate/letter/end/"])
def test_acts_are_posts(path: str) -> None:
    assert Visitor().client.get(path).status_code == 405


def test_the_letter_page_without_a_begun_activation_leads_to_the_start() -> None:
    assert Visitor().follows("/activate/letter/")["Location"] == "/activate/"
    assert PASSWORD not in str(Notice.objects.values())


# ── A letter that did not arrive ─────────────────────────────────────────────
@pytest.mark.parametrize("has_an_account", [False, True])
def test_who_mistyped_reads_that_the_letter_was_refused_until_the_address_is_corrected(has_an_account: bool) -> None:
    if has_an_account:
        aigul()
    visitor = begun()
    assert "The letter did not arrive" not in visitor.follows("/activate/letter/").text
    Notice.objects.update(state="parked", answer="refused")
    assert "The letter did not arrive" in visitor.follows("/activate/letter/").text
    Activation.objects.update(email="right@example.kz")
    assert "The letter did not arrive" not in visitor.follows("/activate/letter/").text
