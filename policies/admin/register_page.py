"""What a register's page shows: a few rows at a time, read by keyset, so that the last page is as quick as the first."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from policies.models import Register, RegisterRow, RegisterStep
from policies.rules.registers import COUNTED

ROWS_A_PAGE = 50
SHOWS: dict[str, tuple[Promise, str]] = {  # which rows: how the link is called, the field that counts them
    "refused": (_("Refused"), "refused"),
    "changed": (_("Changed"), "changed"),
    "warned": (_("With warnings"), "warned"),
    "all": (_("All rows"), "rows"),
}


@dataclass(frozen=True)
class Show:
    key: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class RegisterPage:
    shows: list[Show]
    show: str
    rows: list[RegisterRow]
    after: int
    next_after: int | None  # the line after which the next page begins
    uploaded_before: Register | None  # the same file, byte by byte
    steps: list[RegisterStep]


def register_page(register: Register, *, show: str, after: str) -> RegisterPage:
    """Three queries. Unknown choices are read as none."""
    if show not in SHOWS:
        show = "refused" if register.refused else "all"
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    found = list(_rows(register, show).filter(line__gt=start).order_by("line")[: ROWS_A_PAGE + 1])
    rows = found[:ROWS_A_PAGE]
    return RegisterPage(
        shows=[
            Show(key, str(label), getattr(register, field) or 0, key == show) for key, (label, field) in SHOWS.items()
        ],
        show=show,
        rows=rows,
        after=start,
        next_after=rows[-1].line if len(found) > ROWS_A_PAGE else None,
        uploaded_before=_twin(register),
        steps=list(register.steps.select_related("by").order_by("at", "pk")),
    )


def _rows(register: Register, show: str) -> QuerySet[RegisterRow]:
    lines = register.lines
    return {"refused": lines.refused, "changed": lines.changed, "warned": lines.warned, "all": lines.all}[show]()


def _twin(register: Register) -> Register | None:
    earlier = Register.objects.filter(product=register.product, sha256=register.sha256, pk__lt=register.pk)
    return earlier.filter(state__in=COUNTED).order_by("-pk").first()
