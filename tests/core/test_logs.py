"""A line of the log lets one follow a request and recognise nobody."""

import json
import logging
from typing import Any

import pytest
from celery import shared_task
from django.db import IntegrityError
from django.http import HttpRequest

from core import logs
from core.logs import JsonLines, redacted, within_request
from policies.models import Person
from tests.factories import BORN, a_person

IIN, EMAIL = "610314400017", "aigul@example.kz"


def line(message: str, *arguments: object, error: BaseException | None = None, **extra: Any) -> dict[str, Any]:
    """What the handler would print."""
    found = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("ours", logging.ERROR, "a.py", 1, message, arguments, found)
    record.__dict__.update(extra)
    text = JsonLines().format(record)
    assert "\n" not in text
    written: dict[str, Any] = json.loads(text)
    return written


def test_a_line_is_one_json_object() -> None:
    with within_request("a1b2c3d4"):
        written = line("%d notices parked", 3, facts={"route": "home", "user": ""})
    assert written.pop("at").endswith("+00:00")
    assert written == {
        "level": "ERROR", "logger": "ours", "message": "3 notices parked", "request_id": "a1b2c3d4", "route": "home",
    }  # fmt: skip


def test_outside_a_request_there_is_no_number() -> None:
    assert "request_id" not in line("started")


def test_nothing_that_a_library_hangs_onto_a_record_is_written() -> None:
    assert IIN not in json.dumps(line("slow", data={"iin": IIN}, iin=IIN))


# ── Exceptions ───────────────────────────────────────────────────────────────
def raised(error: Exception, cause: Exception | None = None) -> Exception:
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def test_of_an_exception_the_class_and_the_way_are_written_and_not_its_words() -> None:
    written = line("failed", error=raised(ValueError(f"{IIN} is not 14 March"), raised(KeyError("Айгуль"))))
    assert [each["type"] for each in written["exception"]] == ["builtins.ValueError", "builtins.KeyError"]
    assert written["exception"][0]["way"][0].startswith("tests/core/test_logs.py:")
    assert written["exception"][0]["way"][0].endswith(" raised")
    assert IIN not in json.dumps(written)
    assert "Айгуль" not in json.dumps(written, ensure_ascii=False)


@pytest.mark.django_db
def test_a_broken_constraint_is_named_and_the_row_that_broke_it_is_not() -> None:
    person = a_person(iin=IIN)
    with pytest.raises(IntegrityError) as error:
        Person.objects.create(insurer=person.insurer, iin=IIN, birth_date=BORN, surname="Ахметова")
    assert IIN in str(error.value)  # control: PostgreSQL's own words do quote it
    written = line("failed", error=error.value)
    assert written["exception"][1]["sqlstate"] == "23505"
    assert "iin" in written["exception"][1]["constraint"]
    assert IIN not in json.dumps(written)


def test_an_exception_among_the_arguments_gives_only_its_class() -> None:
    assert line("lost: %s", ValueError(EMAIL))["message"] == "lost: ValueError"


def test_a_long_way_is_cut_at_the_near_end() -> None:
    def deeper(levels: int) -> None:
        if not levels:
            raise ZeroDivisionError
        deeper(levels - 1)

    with pytest.raises(ZeroDivisionError) as error:
        deeper(100)
    (found,) = line("failed", error=error.value)["exception"]
    assert len(found["way"]) == logs.LONGEST_WAY


# ── What libraries write ─────────────────────────────────────────────────────
def test_djangos_path_of_a_request_becomes_the_name_of_its_route() -> None:
    request = HttpRequest()
    request.path = "/activate/confirm/secret-token/"
    assert line("Internal Server Error: %s", request.path, request=request)["message"] == "Internal Server Error: none"


def test_celery_tells_which_task_failed_and_not_with_what_words() -> None:
    context = {"name": "notices.tasks.deliver", "exc": f"ValueError('{EMAIL}')", "traceback": f"…{EMAIL}"}
    written = line("Task %(name)s raised unexpected: %(exc)s\n%(traceback)s", context)
    assert written["message"] == "Task notices.tasks.deliver raised unexpected: ValueError"


def test_a_line_of_a_task_names_it() -> None:
    @shared_task(name="tests.tell")
    def tell() -> dict[str, Any]:
        return line("working")

    written = tell.apply(task_id="7").get()
    assert (written["task"], written["task_id"]) == ("tests.tell", "7")


# ── The second wall ──────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "private",
    [IIN, EMAIL, "Aigul.S+1@mail.example.kz", "14.03.1961", "1961-03-14", "4410027531", "4410 0275 31", "044219",
     "+77012345678", "8 701 234 56 78", "+7 (701) 234-45-67", "Айгуль", "Қабылов Әлі", "Оспан-Ұлы"],
)  # fmt: skip
def test_what_was_written_by_mistake_is_blackened(private: str) -> None:
    kept = redacted(f"Row {private} is new")
    assert (kept[:4], kept[-7:], private in kept) == ("Row ", " is new", False)
    assert len(kept) < len("Row (…) is new")
    assert private not in json.dumps(line(f"Row {private}", facts={"who": private}), ensure_ascii=False)


@pytest.mark.parametrize("private", [IIN, EMAIL, "Айгуль"])
def test_without_it_a_mistake_would_be_read(monkeypatch: pytest.MonkeyPatch, private: str) -> None:
    """Control."""
    monkeypatch.setattr(logs, "redacted", lambda value: value)
    assert private in json.dumps(line(f"Row {private}"), ensure_ascii=False)


@pytest.mark.parametrize(
    "harmless",
    ["Notice 550e8400-e29b-41d4-a716-446655440000: OSError in the gateway", "GET activation:start 200",
     "took 12.345 s at port 21600", "23505 in 500 rows"],
)  # fmt: skip
def test_what_helps_stays(harmless: str) -> None:
    assert redacted(harmless) == harmless


def test_a_long_line_is_blackened_in_time_that_grows_with_it() -> None:
    long = ("a" * 100_000, "1 " * 50_000, "a@" * 50_000, "-" * 100_000, "12345-" * 20_000, "ы.- " * 30_000)
    for text in (*long, "0a1b2c3d-" * 10_000, "ы " * 50_000):
        assert len(redacted(text)) <= len(text)
