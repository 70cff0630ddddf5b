"""What a bench says: a table for the eye, one last line for a script, and a block in README.md."""

import re
from pathlib import Path

from tests.bench.contest import MOST_SPREAD, Figures, Outcome

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- make bench writes this block -->", "<!-- until here -->"
COLUMNS = ("", "CPU-ms", "app", "PostgreSQL", "p50 ms", "p99 ms", "statements", "MiB", "spread")


def table(outcome: Outcome) -> str:
    contest = outcome.contest
    rows = [COLUMNS, row("floor", outcome.floor), row("product", outcome.product)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)) for cells in rows]
    return "\n".join((f"{contest.name}: {contest.work}", f"floor: {contest.floor_is}", *lines, *remarks(outcome)))


def row(name: str, side: Figures) -> tuple[str, ...]:
    return (
        name,
        *(f"{side.median(figure):.3f}" for figure in ("cpu", "app", "postgres")),
        *(f"{side.percentile(number):.2f}" for number in (50, 99)),
        f"{side.median('statements'):.1f}",
        f"{side.memory:.0f}",
        f"{side.spread:.0%}",
    )


def remarks(outcome: Outcome) -> list[str]:
    said = []
    if outcome.contest.figure == "wall":
        floor, product = (1000 / side.median("wall") for side in (outcome.floor, outcome.product))
        said.append(f"the ratio is of operations a second: floor {floor:,.0f}, product {product:,.0f}")
    if outcome.void:
        said.append(f"{outcome.void} pairs were void and run again")
    if not outcome.agrees:
        said.append(
            f"NOISY: the CPU of one side spreads over more than {MOST_SPREAD:.0%}; run it again on a quiet machine"
        )
    return said


def last_line(outcome: Outcome) -> str:
    return f"ratio: {outcome.ratio:.2f} goal: {outcome.contest.goal}"


def write_readme(outcomes: list[Outcome]) -> None:
    head = "| work | floor, CPU-ms | product, CPU-ms | ratio | goal | |\n|---|---|---|---|---|---|\n"
    body = "\n".join(map(readme_row, outcomes))
    text = README.read_text(encoding="utf-8")
    block = f"{BEGIN}\n{head}{body}\n{END}"
    README.write_text(re.sub(f"{BEGIN}.*{END}", lambda _match: block, text, flags=re.DOTALL), encoding="utf-8")


def readme_row(outcome: Outcome) -> str:
    contest = outcome.contest
    floor, product = (f"{side.median('cpu'):.3g}" for side in (outcome.floor, outcome.product))
    verdict = "met" if contest.goal.is_met(outcome.ratio) else "**missed**"
    noise = "" if outcome.agrees else ", noisy"
    return f"| `{contest.name}`: {contest.work} | {floor} | {product} | {outcome.ratio:.2f} | {contest.goal} | {verdict}{noise} |"
