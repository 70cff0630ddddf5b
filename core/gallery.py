"""Invented facts for the gallery of components. Fixed dates: two screenshots of the same state are equal."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.chart import Chart, Series
from core.contacts import HelpLine, opening_sentence
from core.dates import day_month
from core.forms import FilesForm, SampleForm
from core.hours import OpeningHours
from core.models import Upload
from core.ruler import day_ruler
from core.uploads.inspection import Kind, Refusal
from core.uploads.lists import FileList, listed
from core.uploads.rules import State

SIGNED, OPENS, TODAY = date(2026, 11, 16), date(2026, 12, 1), date(2026, 11, 21)
COVER_STARTS, COVER_ENDS = date(2026, 9, 1), date(2027, 8, 31)
SAMPLE_BRAND = {
    "light": {
        "brand": "#6B2C77", "brand-strong": "#48174F", "tint": "#F3E3F6", "stage": "#48174F", "stage-2": "#5E2768",
    },
    "dark": {
        "brand": "#E0A6EA", "brand-strong": "#EFC9F5", "on-brand": "#2B0A31", "tint": "#3A1C40", "stage": "#2B0A31",
        "stage-2": "#431A4B",
    },
}  # fmt: skip


def samples() -> dict[str, Any]:
    asked = SampleForm(data={"insured_id": "4410 0275", "birth_date_0": "14", "birth_date_2": "1961", "reach": "sms"})
    return {
        "form": SampleForm(auto_id="new_%s"),
        "asked": asked,
        "waiting": day_ruler(SIGNED, OPENS, TODAY),
        "not_started": day_ruler(OPENS, date(2026, 12, 16), TODAY),
        "over": day_ruler(date(2026, 11, 1), date(2026, 11, 16), TODAY),
        "weeks": day_ruler(date(2026, 10, 1), date(2026, 12, 15), TODAY),
        "months": day_ruler(COVER_STARTS, COVER_ENDS, TODAY),
        "signed": SIGNED, "opens": OPENS, "today": TODAY, "cover_starts": COVER_STARTS, "cover_ends": COVER_ENDS,
        "help": help_lines(),
        "face": None,
        "files_form": FilesForm(auto_id="sent_%s"),
        "sent_files": sent_files(),
        "queues": [
            {"label": _("Due today"), "count": 2, "href": "#staff", "current": True},
            {"label": _("Mine"), "count": 9, "href": "#staff", "current": False},
            {"label": _("Without an owner"), "count": 4, "href": "#staff", "current": False},
        ],
        "requests": Chart(
            [day_month(date(2026, 11, day)) for day in range(16, 22)],
            [
                Series(_("talks"), [31, 28, 40, 37, 22, 9]),
                Series(_("still open"), [0, 0, 0, 1, 2, 4]),
                Series(_("ended without a talk"), [5, 3, 8, 6, 3, 1]),
            ],
        ),
    }  # fmt: skip


def sent_files() -> FileList:
    uploads = [
        Upload(name=_("Discharge summary.pdf"), size=412_000, state=State.CLEAN, kind=Kind.PDF),
        Upload(name="IMG_2041.HEIC", size=2_900_000, state=State.QUARANTINED),
        Upload(name="CT-0001.dcm", size=14_700_000, state=State.REFUSED, refusal=Refusal.DICOM),
    ]
    return listed(uploads, file=lambda public_id: "#sent", removal=lambda public_id: "#sent")


def help_lines() -> list[HelpLine]:
    now = datetime(2026, 11, 21, 18, 30, tzinfo=ZoneInfo("Asia/Almaty"))  # a Saturday
    doctor = OpeningHours.parse({"daily": ["00:00", "24:00"]})
    centre = OpeningHours.parse({"daily": ["09:00", "22:00"]})
    office = OpeningHours.parse({"mon-fri": ["09:00", "18:00"]})
    return [
        HelpLine(_("Duty doctor"), "+7 727 000 00 00", "+77270000000", **hours(doctor, now)),
        HelpLine(_("Call centre"), "22-58", "2258", **hours(centre, now)),
        HelpLine(_("Office"), "+7 727 000 00 01", "+77270000001", "help@example.kz", **hours(office, now)),
    ]


def hours(opening: OpeningHours, now: datetime) -> dict[str, Any]:
    state = opening.state(now)
    lines = () if state.around_clock else tuple(opening.lines())
    return {"hours": lines, "now": opening_sentence(state, now), "open": state.open}
