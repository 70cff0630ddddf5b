"""Who works for which insurer, as what. Only superusers: added and removed, never edited, each in the audit trail."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.admin import PlainAdmin
from policies.models import StaffMembership
from policies.services.staff import add_to_staff, remove_from_staff

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[StaffMembership]
else:
    ModelForm = forms.ModelForm


class MembershipForm(ModelForm):
    def clean_user(self) -> User:
        """An insured person's account never becomes a member of staff: its rights have their own limits."""
        user: User = self.cleaned_data["user"]
        if not user.is_staff:
            raise ValidationError(_("This is not an account of staff. Open one with the command staff_link"))
        return user


@admin.register(StaffMembership)
class StaffMembershipAdmin(PlainAdmin):
    form = MembershipForm
    autocomplete_fields = ["user"]
    list_display = ["user", "insurer", "role"]
    list_select_related = ["user", "insurer"]
    list_filter = ["insurer", "role"]
    ordering = ["insurer", "role", "pk"]
    actions = None  # one by one, so that each removal is in the audit trail

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    has_add_permission = has_delete_permission = has_view_permission

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: StaffMembership, form: Any, change: bool) -> None:
        add_to_staff(membership=obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: StaffMembership) -> None:
        remove_from_staff(membership=obj, by=request.user)
