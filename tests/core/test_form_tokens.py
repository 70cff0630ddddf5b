"""A form is sent once: the repeat gets the first answer, and a token belongs to one browser, one address and one day."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import RequestContext, Template
from django.test import Client
from django.urls import path

import portal.urls
from core import form_tokens
from core.form_tokens import FIELD, LIFE, sent_once
from core.models import CalendarDay, SentForm
from tests.forms import drawn_for, sends

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


PAGE = "{% for message in messages %}{{ message }}.{% endfor %}{% csrf_token %}{% form_token %}"


class Broken(Exception):
    """Between the effect and the answer."""


@sent_once
def mark_day(request: HttpRequest) -> HttpResponse:
    """Marks one more day off each time that it runs."""
    if request.method != "POST":
        return HttpResponse(Template(PAGE).render(RequestContext(request)))
    marked = CalendarDay.objects.count()
    CalendarDay.objects.create(country="KZ", date=NOW.date() + timedelta(days=marked), kind="off")
    match request.POST.get("then"):
        case "break":
            raise Broken
        case "show":
            return HttpResponse("shown this one time")
    messages.success(request, f"day {marked}")
    answer = redirect(f"/days/{marked}/")
    answer.set_cookie("passage", f"day:{marked}", max_age=900, httponly=True, samesite="Lax")
    return answer


urlpatterns = [path("days/", mark_day), path("other/", mark_day), *portal.urls.urlpatterns]


def days() -> int:
    return CalendarDay.objects.count()


def said_next(client: Client) -> str:
    return client.get("/days/").content.decode().partition("<")[0]


def test_the_repeat_shows_where_the_first_one_went_what_it_said_and_what_it_gave(client: Client) -> None:
    token = {FIELD: drawn_for(client)}
    first = client.post("/days/", token)
    assert said_next(client) == "day 0."
    again = client.post("/days/", token)
    assert said_next(client) == "day 0."
    assert days() == 1
    assert first["Location"] == again["Location"] == "/days/0/"
    assert first.cookies["passage"].OutputString() == again.cookies["passage"].OutputString()


def test_a_page_drawn_anew_is_another_form(client: Client) -> None:
    assert sends(client, "/days/")["Location"] != sends(client, "/days/")["Location"]
    assert days() == 2


def test_the_tag_draws_a_token_that_works_in_the_same_browser(client: Client) -> None:
    page = client.get("/days/").content.decode()
    token = page.rpartition('value="')[2].partition('"')[0]
    assert client.post("/days/", {FIELD: token}).status_code == 302


def forged(token: str) -> str:
    return f"x{token}"


@pytest.mark.parametrize("spoilt", ["", "x", "a:b:c", ":" * 500, "\x00", "é"])
def test_a_missing_or_forged_token_does_nothing(client: Client, spoilt: str) -> None:
    drawn_for(client)
    for answer in (client.post("/days/"), client.post("/days/", {FIELD: spoilt})):
        assert answer.status_code == 403
    assert client.post("/days/", {FIELD: forged(drawn_for(client))}).status_code == 403
    assert days() == 0


def test_another_browsers_token_does_nothing_and_shows_nothing_of_the_first_answer(client: Client) -> None:
    token = {FIELD: drawn_for(client)}
    client.post("/days/", token)
    thief = Client()
    drawn_for(thief)
    for browser in (thief, Client()):
        answer = browser.post("/days/", token)
        assert answer.status_code == 403
        assert "passage" not in answer.cookies
    assert days() == 1


def test_a_token_serves_one_address_only(client: Client) -> None:
    token = {FIELD: drawn_for(client)}
    client.post("/days/", token)
    assert client.post("/other/", token).status_code == 403
    assert days() == 1


def test_what_broke_left_nothing_and_the_same_form_may_be_sent_again(client: Client) -> None:
    token = {FIELD: drawn_for(client)}
    with pytest.raises(Broken):
        client.post("/days/", token | {"then": "break"})
    assert days() == SentForm.objects.count() == 0
    assert client.post("/days/", token).status_code == 302
    assert days() == 1


def test_an_answer_that_is_shown_and_leads_nowhere_is_not_kept(client: Client) -> None:
    """A slip in the form, or a secret that is shown this one time: what was done stays done, the form stays open."""
    token = {FIELD: drawn_for(client)}
    assert client.post("/days/", token | {"then": "show"}).content == b"shown this one time"
    assert (days(), SentForm.objects.count()) == (1, 0)


def test_a_token_and_its_answer_live_half_a_day() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        browser = Client()
        token, unused = {FIELD: drawn_for(browser)}, {FIELD: drawn_for(browser)}
        browser.post("/days/", token)
        clock.shift(LIFE)
        assert form_tokens.prune(clock_now()) == 0
        assert browser.post("/days/", token)["Location"] == "/days/0/"
        clock.shift(timedelta(seconds=1))
        assert form_tokens.prune(clock_now()) == 1
        for stale in (token, unused):
            assert browser.post("/days/", stale).status_code == 403
    assert days() == 1


def clock_now() -> datetime:
    return datetime.now(UTC)


def test_reading_a_page_needs_no_token_and_keeps_no_row(client: Client) -> None:
    assert client.get("/days/").status_code == client.head("/days/").status_code == 200
    assert not SentForm.objects.exists()
