"""What a list in the admin asks the database: the session, the person, who they work for, a count, the rows."""

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from policies.models import StaffMembership
from policies.rules import StaffRole
from tests.factories import a_policy, an_insurer
from tests.people import a_person, staff_browser
from tests.queries import statements

pytestmark = pytest.mark.django_db
LISTS = [model for model, page in admin.site._registry.items() if hasattr(page, "changelist_view")]


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label_lower)
def test_a_list_costs_five_statements_at_most(model: type[Model]) -> None:
    a_policy()
    saule = a_person("saule@example.kz", is_staff=True, is_superuser=True)
    for role in StaffRole:
        StaffMembership.objects.create(user=saule, insurer=an_insurer(), role=role)
    browser = staff_browser(saule)
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert browser.get(address).status_code == 200
    with statements() as made:
        browser.get(address)
    assert 2 <= len(made) <= 5, made
