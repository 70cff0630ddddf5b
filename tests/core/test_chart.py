"""Bars from zero: what is drawn is what is counted."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.chart import HEIGHT, Chart, Series
from tests.design.test_components import draw

COLUMNS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=40)


def chart(columns: list[tuple[int, int]]) -> Chart:
    first, second = zip(*columns, strict=True)
    return Chart([str(number) for number in range(len(columns))], [Series("talks", first), Series("others", second)])


def test_a_bar_stands_on_the_one_below_it() -> None:
    drawn = chart([(3, 1), (0, 2)])
    assert drawn.peak == 4
    assert drawn.paths == ["M0.5 100V25", "M0.5 25V0M1.5 100V50"]


@given(COLUMNS)
def test_every_bar_lies_in_the_picture_and_is_as_high_as_its_number(columns: list[tuple[int, int]]) -> None:
    drawn = chart(columns)
    for path, values in zip(drawn.paths, zip(*columns, strict=True), strict=True):
        lines = [tuple(map(float, line)) for line in re.findall(r"M(\S+) (\S+?)V([\d.]+)", path)]
        assert len(lines) == sum(value > 0 for value in values)
        for place, bottom, top in lines:
            assert 0 <= top <= bottom <= HEIGHT
            assert bottom - top == pytest.approx(HEIGHT * values[int(place)] / drawn.peak, abs=0.02)


@pytest.mark.parametrize(
    ("bars", "series"),
    [([], [Series("a", [])]), (["1"], []), (["1"], [Series("a", [1, 2])]), (["1"], [Series("a", [1])] * 5)],
)
def test_what_nobody_can_read_is_not_drawn(bars: list[str], series: list[Series]) -> None:
    with pytest.raises(ValueError, match=r"chart|series"):
        Chart(bars, series)


def test_the_same_numbers_stand_in_a_table_and_without_spaces_in_the_picture() -> None:
    html = draw('{% chart drawn "Requests" "Day" "requests" %}', drawn=chart([(1200, 34), (0, 1)]))
    assert '<td class="r">1\N{NO-BREAK SPACE}200</td><td class="r">34</td>' in html
    assert 'viewBox="0 0 2 100"' in html
    assert re.search(r'd="M0\.5 100V[\d.]+"', html)
    assert html.count('aria-hidden="true"') == 5  # two swatches, the peak, the bars, what stands under them
