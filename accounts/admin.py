"""Staff look at accounts and change nothing here: what may be done to an account is a service with its own page."""

from importlib import import_module
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Device, User
from core.admin import PlainAdmin, ReadOnly

if TYPE_CHECKING:
    AddressTable = admin.TabularInline[EmailAddress, User]
    DeviceTable = admin.TabularInline[Device, User]
else:
    AddressTable = DeviceTable = admin.TabularInline

# These register forms that verify an address by hand, show the secrets of authenticators and rewrite groups.
for app in ("allauth.account", "allauth.mfa", "allauth.socialaccount", "allauth.usersessions", "django.contrib.auth"):
    import_module(f"{app}.admin")
for model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession, Group):
    admin.site.unregister(model)


class AddressInline(ReadOnly, AddressTable):
    model = EmailAddress
    fields = ["email", "verified", "primary"]


class DeviceInline(ReadOnly, DeviceTable):
    model = Device
    fields = ["label", "first_seen", "last_seen"]


@admin.register(User)
class UserAdmin(ReadOnly, PlainAdmin):
    """Found by the whole address only, so that nobody leafs through people."""

    list_display = ["email", "language", "is_staff", "is_active", "date_joined", "last_login"]
    fields = [
        "email",
        "phone",
        "language",
        "is_active",
        "is_staff",
        "is_superuser",
        "groups",
        "date_joined",
        "last_login",
    ]
    inlines = [AddressInline, DeviceInline]
    ordering = ["email", "pk"]
    search_fields = ["email"]
    search_help_text = _("The whole e-mail address")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        return queryset.filter(email=search_term.strip().lower()) if search_term else queryset.none(), False


@admin.register(Group)
class GroupAdmin(ReadOnly, PlainAdmin):
    fields = ["name", "permissions"]
