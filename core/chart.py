"""Stacked bars from zero, drawn by the server (design.md, section 8). Numbers in, paths of an SVG out."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 100  # units of the picture; one bar is one unit wide
MOST_SERIES = 4  # more of them nobody tells apart


@dataclass(frozen=True)
class Series:
    label: str
    values: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.values)


@dataclass(frozen=True)
class Chart:
    """`bars` are what stands under each bar, in words. Each series has as many values."""

    bars: Sequence[str]
    series: Sequence[Series]

    def __post_init__(self) -> None:
        if not self.bars or not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError("a chart has bars, and one to four series")
        if any(len(one.values) != len(self.bars) for one in self.series):
            raise ValueError("a series has one value a bar")

    @property
    def totals(self) -> list[int]:
        return [sum(values) for values in zip(*(one.values for one in self.series), strict=True)]

    @property
    def peak(self) -> int:
        return max(self.totals)

    @property
    def rows(self) -> list[tuple[str, list[int]]]:
        """The same in numbers: what stands under the bar, and the value of each series."""
        return [(label, [one.values[place] for one in self.series]) for place, label in enumerate(self.bars)]

    @property
    def paths(self) -> list[str]:
        """One a series: a vertical line for each of its values, standing on what the series before it have."""
        stands = [0] * len(self.bars)
        drawn = []
        for one in self.series:
            drawn.append(
                "".join(self._line(*part) for part in zip(range(len(stands)), stands, one.values, strict=True))
            )
            stands = [below + value for below, value in zip(stands, one.values, strict=True)]
        return drawn

    def _line(self, place: int, below: int, value: int) -> str:
        return f"M{place}.5 {HEIGHT - self._high(below):g}V{HEIGHT - self._high(below + value):g}" if value else ""

    def _high(self, value: int) -> float:
        return round(HEIGHT * value / self.peak, 2)
