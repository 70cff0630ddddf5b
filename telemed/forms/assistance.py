"""What a coordinator chooses: whose requests, of which days; and why a file of them is wanted."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from policies.forms import scopes
from telemed.queries.requests import how_many


class ScopeForm(scopes.ScopeForm):
    opened = date(2020, 1, 1)  # nobody asked a doctor here before
    too_early = _("Requests are counted from 2020 on")


class ExportForm(scopes.ExportForm, ScopeForm):
    list_is = _("list of requests")
    reason_hint = _("It stands in the audit trail with your name. The file holds no names and nothing of the talks.")
    how_many = staticmethod(how_many)
