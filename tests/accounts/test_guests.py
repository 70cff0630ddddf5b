"""Somebody without an account sees one page: by a link, a code to the same contact, one browser, a while (adr/0028)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts import queries
from accounts.models import GuestAccess
from accounts.queries import guest_cookie
from accounts.rules import Answer
from accounts.services import end_guest_access, forget_guests, guests
from accounts.services.codes import Checked
from activation.models import Mailing
from core.models import AuditEvent
from notices.models import Notice
from policies.rules import ContractKind
from tests.accounts.guests import HR, PHONE, an_access, asks_for_code, code_to, comes_in, link_to, page_of, types
from tests.accounts.sms import a_wrong_one
from tests.activation.mailings import a_firm, a_mailing
from tests.factories import a_policy, another_insurer

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailing() -> Mailing:
    a_firm()
    return a_mailing()


def status(browser: Client, mailing: Mailing) -> int:
    return int(browser.get(page_of(mailing)).status_code)


def trail(access: GuestAccess) -> list[str]:
    return list(
        AuditEvent.objects.filter(object_type="accounts.GuestAccess", object_id=str(access.pk))
        .order_by("pk").values_list("verb", flat=True)
    )  # fmt: skip


@pytest.mark.parametrize("contact", [HR, PHONE])
def test_link_code_page(mailing: Mailing, contact: str) -> None:
    access, browser = an_access(mailing, contact), Client()
    page = comes_in(browser, contact)
    assert page.status_code == 200
    assert "Садыкова" in page.text
    assert trail(access) == ["gave a guest access", "a guest opened the link", "a guest saw the page"]


def test_each_look_is_a_row_of_the_trail(mailing: Mailing) -> None:
    access, browser = an_access(mailing), Client()
    comes_in(browser)
    browser.get(page_of(mailing))
    browser.get(page_of(mailing), {"as": "csv"})
    assert trail(access).count("a guest saw the page") == 3


def test_opening_the_link_changes_nothing(mailing: Mailing) -> None:
    """Mail scanners open links."""
    access = an_access(mailing)
    for _ in range(3):
        assert Client().get(link_to()).status_code == 200
    access.refresh_from_db()
    assert access.opened_at is None
    assert not Notice.objects.filter(kind="email_code").exists()


def test_neither_the_link_nor_the_code_stands_anywhere_in_the_clear(mailing: Mailing) -> None:
    an_access(mailing)
    key = link_to().split("/")[-2]
    assert key not in str(GuestAccess.objects.values().get())
    assert Notice.objects.get(kind="guest_link").secret


# ── Attacks ──────────────────────────────────────────────────────────────────
def test_a_link_that_is_passed_on_opens_nothing_without_the_contact(mailing: Mailing) -> None:
    an_access(mailing)
    thief, link = Client(), link_to()
    asks_for_code(thief, link)
    assert types(thief, link, a_wrong_one(code_to())).status_code == 200
    assert status(thief, mailing) == 404
    assert {notice.to for notice in Notice.objects.filter(kind="email_code")} == {HR}


def test_the_code_works_only_in_the_browser_that_asked(mailing: Mailing) -> None:
    an_access(mailing)
    hers, other, link = Client(), Client(), link_to()
    asks_for_code(hers, link)
    assert types(other, link, code_to())["Location"] == link
    assert status(other, mailing) == 404


def test_once_opened_the_link_opens_for_nobody_else(mailing: Mailing) -> None:
    an_access(mailing)
    hers, other, link = Client(), Client(), link_to()
    comes_in(hers)
    assert other.get(link).status_code == 410
    assert asks_for_code(other, link).status_code == 410
    assert (status(other, mailing), status(hers, mailing)) == (404, 200)


def test_the_browser_that_opened_it_comes_back_by_the_link(mailing: Mailing) -> None:
    an_access(mailing)
    hers = Client()
    comes_in(hers)
    assert hers.get(link_to())["Location"] == page_of(mailing)


def test_of_two_browsers_with_right_codes_the_second_is_too_late(mailing: Mailing) -> None:
    access = an_access(mailing)
    one, other, link = Client(), Client(), link_to()
    asks_for_code(one, link)
    first = code_to()
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        asks_for_code(other, link)
        assert types(one, link, first).status_code == 302
        assert types(other, link, code_to()).status_code == 410
    access.refresh_from_db()
    assert trail(access).count("a guest opened the link") == 1


@pytest.mark.parametrize("key", ["invented", "0" * 32])
def test_a_guessed_key_is_answered_as_one_that_ran_out(mailing: Mailing, key: str) -> None:
    access = an_access(mailing)
    ended = link_to()
    end_guest_access(access=access, by=None, now=timezone.now())
    guessed = Client().get(f"/accounts/guest/{key}/")
    assert (guessed.status_code, guessed.templates[0].name) == (410, "accounts/guest/no_longer.html")
    assert Client().get(ended).templates[0].name == guessed.templates[0].name


def test_codes_cannot_be_tried_through(mailing: Mailing) -> None:
    """Three tries a code, six wrong lock the contact; the right code is then refused as well."""
    an_access(mailing)
    thief, link = Client(), link_to()
    now = timezone.now()
    for number in range(2):
        with time_machine.travel(now + timedelta(minutes=number), tick=False):
            asks_for_code(thief, link)
            for _ in range(3):
                types(thief, link, a_wrong_one(code_to()))
    with time_machine.travel(now + timedelta(minutes=3), tick=False):
        page = asks_for_code(thief, link)
        assert page.status_code == 200
        assert Notice.objects.filter(kind="email_code").count() == 2
    assert status(thief, mailing) == 404


def test_without_the_comparison_any_code_would_open(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr(guests, "check_code", lambda **asked: Checked(Answer.RIGHT))
    an_access(mailing)
    thief, link = Client(), link_to()
    asks_for_code(thief, link)
    types(thief, link, "000000")
    assert status(thief, mailing) == 200


def another_mailing() -> Mailing:
    policy = a_policy(
        "9920 0275 31", insurer=another_insurer(), kind=ContractKind.CORPORATE, given_name="Дана", email="d@b.kz"
    )
    firm = policy.parties.get(role="policyholder").organisation
    return a_mailing(product=policy.product_version.product, organisation=firm)


def test_the_cookie_opens_no_other_subject(mailing: Mailing) -> None:
    other, hers = another_mailing(), Client()
    an_access(mailing)
    comes_in(hers)
    assert status(hers, other) == 404
    mine, theirs = guest_cookie(mailing.public_id), guest_cookie(other.public_id)
    hers.cookies[theirs] = hers.cookies[mine].value
    assert status(hers, other) == 404


def test_if_the_row_were_not_asked_for_its_subject_a_signed_cookie_would_open_another(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control."""
    other, hers = another_mailing(), Client()
    an_access(mailing)
    comes_in(hers)
    monkeypatch.setattr(queries, "guest_cookie", lambda subject: guest_cookie(mailing.public_id))
    assert status(hers, other) == 404
    living = GuestAccess.objects.living
    monkeypatch.setattr(
        "accounts.queries.GuestAccess.objects.living",
        lambda now: type("Any", (), {"filter": lambda self, **asked: living(now)})(),
    )
    assert status(hers, other) == 200


@pytest.mark.parametrize(("age", "code"), [(timedelta(days=1, seconds=-1), 200), (timedelta(days=1), 404)])
def test_it_ends_at_its_time(mailing: Mailing, age: timedelta, code: int) -> None:
    """The cookie is kept past it, as a copied one would be."""
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        an_access(mailing, days=1)
        hers = Client()
        comes_in(hers)
    hers.cookies[guest_cookie(mailing.public_id)]["expires"] = ""
    with time_machine.travel(now + age, tick=False):
        assert status(hers, mailing) == code


def test_it_ends_at_once_when_the_giver_ends_it(mailing: Mailing) -> None:
    access, hers = an_access(mailing), Client()
    comes_in(hers)
    assert end_guest_access(access=access, by=mailing.started_by, now=timezone.now())
    assert status(hers, mailing) == 404
    assert not end_guest_access(access=access, by=mailing.started_by, now=timezone.now())


def test_the_guest_ends_it_and_nobody_else_can(mailing: Mailing) -> None:
    access, hers = an_access(mailing), Client()
    comes_in(hers)
    path = f"/accounts/guest/{mailing.public_id}/end/"
    assert Client().post(path).status_code == 404
    assert status(hers, mailing) == 200
    assert hers.get(path).status_code == 405
    page = hers.post(path)
    assert page.status_code == 200
    assert status(hers, mailing) == 404
    assert trail(access)[-1] == "ended a guest access"
    assert Client().get(link_to()).status_code == 410


# ── Afterwards ───────────────────────────────────────────────────────────────
KEPT = timedelta(days=90)


@pytest.mark.parametrize("ends_early", [False, True])
def test_ninety_days_after_the_end_the_contact_is_wiped_and_the_evidence_stays(
    mailing: Mailing, ends_early: bool
) -> None:
    access = an_access(mailing, days=10)
    comes_in(Client())
    over = access.until
    if ends_early:
        over = access.given_at + timedelta(days=1)
        end_guest_access(access=access, by=mailing.started_by, now=over)
    history = trail(access)
    assert forget_guests(now=over + KEPT) == 0
    assert forget_guests(now=over + KEPT + timedelta(seconds=1)) == 1
    access.refresh_from_db()
    assert access.contact == ""
    assert (access.opened_at, trail(access)) != (None, [])
    assert trail(access) == history
    assert HR not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_forgetting_a_guest_twice_is_the_same_as_once(mailing: Mailing) -> None:
    access = an_access(mailing)
    assert forget_guests(now=access.until + KEPT * 2) == 1
    assert forget_guests(now=access.until + KEPT * 2) == 0


def test_how_long_a_contact_is_kept_is_a_setting(mailing: Mailing, settings: Any) -> None:
    settings.CONTACTS_KEPT_DAYS = 7
    access = an_access(mailing)
    assert forget_guests(now=access.until + timedelta(days=7)) == 0
    assert forget_guests(now=access.until + timedelta(days=7, seconds=1)) == 1


# ── The cookie ───────────────────────────────────────────────────────────────
def test_the_cookie_is_read_by_no_script_and_is_signed(mailing: Mailing) -> None:
    an_access(mailing)
    hers = Client()
    comes_in(hers)
    cookie = hers.cookies[guest_cookie(mailing.public_id)]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (
        True,
        "Lax",
        settings.SESSION_COOKIE_SECURE or "",
    )
    hers.cookies[cookie.key] = cookie.value.replace(cookie.value[:5], "AAAAA")
    assert status(hers, mailing) == 404


def test_a_visitor_without_a_cookie_costs_no_statement(mailing: Mailing, django_assert_num_queries: Any) -> None:
    from django.test import RequestFactory

    with django_assert_num_queries(0):
        assert queries.guest_in(RequestFactory().get("/"), subject=mailing.public_id, now=timezone.now()) is None
