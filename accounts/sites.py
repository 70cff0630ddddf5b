"""The staff's side: Django's admin, open only to a session that passed a second factor."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import rules


@method_decorator(require_safe, name="index")
@method_decorator(require_safe, name="app_index")
class StaffSite(AdminSite):
    site_title = site_header = gettext_lazy("Staff")
    index_title = gettext_lazy("Overview")

    def has_permission(self, request: HttpRequest) -> bool:
        from accounts.queries import used_second_factor  # models are not loaded yet when this site is made

        return super().has_permission(request) and used_second_factor(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """Whoever may see nothing here works elsewhere: the front door knows where."""
        if not self.get_app_list(request):
            return redirect(settings.LOGIN_REDIRECT_URL)
        return super().index(request, extra_context)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No form of its own, which would know neither our limits nor the second factor: only the way to go on."""
        asked = request.GET.get("next", "")
        wanted = asked if rules.is_own_path(asked) else reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(wanted, reverse("account_login"))
        if not request.user.is_staff:
            raise PermissionDenied
        if self.has_permission(request):
            return redirect(wanted)
        return to_second_factor(request, wanted)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without view_on_site, which tells any member of staff which rows of any table exist, and their addresses."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    @method_decorator(require_POST)
    def logout(  # type: ignore[override]  # the stubs know only Django's page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        logout(request)
        return redirect("account_login")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")


def to_second_factor(request: HttpRequest, wanted: str) -> HttpResponse:
    """To the page that asks for the factor, or, when there is none yet, to the page that sets one up."""
    from allauth.account.adapter import get_adapter

    methods = get_adapter().get_reauthentication_methods(request.user)
    page = next((method["url"] for method in methods if method["id"].startswith("mfa_")), None)
    if page is None:
        messages.info(request, _("Staff sign in with a second step. Add an authenticator app or a passkey here."))
        return redirect("mfa_index")
    return redirect_to_login(wanted, page)
