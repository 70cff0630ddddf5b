"""PostgreSQL is gone without a word and comes back: a page says so, and the next request works (F6)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.house import House
from tests.faults.results import FINISHED, NOTHING, left_by, wait_for_quiet
from tests.faults.visitor import ACCOUNT, START, Visitor


def test_while_postgresql_is_away_a_page_says_so_and_afterwards_the_same_form_works(
    house: House, visitor: Visitor
) -> None:
    visitor.finds()
    form = visitor.choices | visitor.form_at(ACCOUNT)
    house.stop_postgres()
    for number in (1, 2):
        visitor.turns_to(number)
        refused = visitor.sends("POST", ACCOUNT, form)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "15")
        assert "The site is closed for a short time" in refused.text
        assert 'href="tel:+77272581800"' in refused.text
    house.start_postgres()
    visitor.broken.clear()
    visitor.sends("POST", ACCOUNT, form)
    visitor.turns_to(1)
    visitor.confirms()
    assert (left_by(visitor), visitor.broken) == (FINISHED, [])
    assert house.has_lost_nobody()


def test_the_request_in_flight_is_answered_with_the_page_and_leaves_nothing(house: House, visitor: Visitor) -> None:
    visitor.finds()
    form = visitor.choices | visitor.form_at(ACCOUNT)
    stop = house.stop_at(ACCOUNT, "notices_notice", "after write")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(visitor.sends, "POST", ACCOUNT, form)
        stop.wait()
        house.stop_postgres()
        house.start_postgres()
        stop.let_go()
        assert answer.result().status_code == 503
    assert left_by(visitor) == NOTHING
    visitor.broken.clear()
    visitor.sends("POST", ACCOUNT, form)
    visitor.confirms()
    assert (left_by(visitor), visitor.broken) == (FINISHED, [])


def test_a_letter_in_the_mailbox_is_recorded_after_the_restart_and_does_not_leave_again(
    house: House, visitor: Visitor
) -> None:
    visitor.finds()
    stop = house.stop_at("notices.tasks.deliver", "notices_delivery", "before write")
    visitor.begins()
    stop.wait()
    house.stop_postgres()
    stop.let_go()
    house.start_postgres()
    visitor.confirms()
    wait_for_quiet(house)
    assert left_by(visitor) == FINISHED
    assert len(house.letters_to(visitor.email)) == len(FINISHED.letters)


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "Сайт аз уақытқа жабық"),
        ("ru", "Сайт ненадолго закрыт"),
        ("en", "The site is closed for a short time"),
    ],
)
def test_the_page_speaks_the_visitors_language(house: House, language: str, words: str) -> None:
    house.stop_postgres()
    with Visitor(house, language) as visitor:
        for path in (START, "/", "/help/", "/activate/", "/accounts/login/"):
            page = visitor.opens(path)
            assert (page.status_code, page.headers["Content-Language"]) == (503, language)
            assert words in page.text
