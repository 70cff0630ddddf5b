"""Which days of whose: the links and the form above every page of figures (templates/policies/period.html)."""

from typing import Any

from django.http import Http404

from core.periods import Preset
from policies.forms.scopes import ScopeForm


def choice_of(form: ScopeForm) -> dict[str, Any]:
    """The form and the links that choose a period. An insurer who is not served is not found."""
    if not form.is_valid() and {"period", "insurer"} & set(form.errors):
        raise Http404
    periods = [
        {
            "label": preset.label,
            "href": f"?{form.query(period=preset, first='', last='')}",
            "current": preset == form.preset,
        }
        for preset in Preset
    ]
    return {"form": form, "periods": periods, "insurers": _insurers(form)}


def _insurers(form: ScopeForm) -> list[dict[str, Any]]:
    """Where there are several: all of them, or one."""
    if len(form.served) < 2:
        return []
    wanted = form.data.get("insurer", "")
    return [
        {"label": name, "href": f"?{form.query(insurer=slug)}", "current": slug == wanted}
        for slug, name in form.insurers()
    ]
