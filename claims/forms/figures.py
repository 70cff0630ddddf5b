"""Which figures of the room, of which days; and why a file of them is wanted."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from claims.queries.desk.figures import how_many
from core.periods import Preset
from policies.forms import scopes


class ScopeForm(scopes.ScopeForm):
    opened = date(2020, 1, 1)  # no claim is older here
    too_early = _("Claims are counted from 2020 on")
    preset_at_first = Preset.MONTH


class ExportForm(scopes.ExportForm, ScopeForm):
    list_is = _("list of decisions")
    reason_hint = _("It stands in the audit trail with your name. The file holds no names.")
    how_many = staticmethod(how_many)
