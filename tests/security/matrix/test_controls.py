"""Controls: with one wall taken away the matrix complains, so its silence means that the wall stands."""

from typing import Any

import pytest
from django.contrib.admin import ModelAdmin
from django.db.models import F, QuerySet
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

from core.admin import PlainAdmin
from policies.admin.scoped import SlugScoped, StaffScoped
from policies.models import Person
from policies.models.access import AccessQuerySet
from policies.queries import policy_page
from portal import urls, views
from telemed.models.consultations import ConsultationQuerySet
from tests.security.matrix.actors import Actor
from tests.security.matrix.law import every_url
from tests.security.matrix.permissions import ROWS
from tests.security.matrix.walk import complaints
from tests.security.matrix.world import World
from tests.walls import seen_by_anybody


def said(world: World, url: str) -> str:
    row = next(row for row in ROWS if row.url == url)
    return "\n".join(complaints(world, row, "GET"))


def all_rows(self: Any, *anything: Any, **whatever: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = self.all() if isinstance(self, QuerySet) else self.model._default_manager.all()
    return rows


@pytest.mark.long
def test_if_accounts_saw_everybody_strangers_would_open_the_policy(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AccessQuerySet, "filter", all_rows)
    heard = said(world, "policies:policy")
    assert "GET of Dana’s policy by Aigul, insured by NSK: answered 200 instead of 404" in heard
    assert "shows" in heard


@pytest.mark.long
def test_if_age_ended_nothing_a_former_guardian_would_go_on_seeing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AccessQuerySet, "current", lambda self, *, now: self.filter(until=None))
    assert "Sara, once guardian of Aigul, who has come of age: answered 200 instead of 404" in said(
        world, "policies:policy"
    )


@pytest.mark.long
def test_if_patients_were_not_asked_for_strangers_would_read_what_troubles_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ConsultationQuerySet, "visible_to", all_rows)
    seen_by_anybody(monkeypatch)
    heard = said(world, "telemed:consultation")
    assert "GET of Dana’s consultation by Aigul, insured by NSK: answered 200 instead of 404" in heard
    assert f"{Actor.COLLEAGUE}: answered 200 instead of 404" in heard
    assert "Nurlan, insured by NSK, not confirmed yet: answered 200 instead of 404" in heard


@pytest.mark.long
def test_if_patients_were_not_asked_for_strangers_would_open_their_files(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ConsultationQuerySet, "visible_to", all_rows)
    seen_by_anybody(monkeypatch)
    heard = said(world, "telemed:file")
    assert "GET of Dana’s consultation's file by Aigul, insured by NSK: answered 200 instead of 404" in heard
    assert "shows Данафам" in heard
    assert f"{Actor.COORDINATOR}: answered 200 instead of 404" in heard


@pytest.mark.long
@pytest.mark.parametrize(
    ("wall", "url", "whose"),
    [
        (StaffScoped, "admin:policies_register_change", "Dana’s register by a keeper of NSK’s registers"),
        (StaffScoped, "admin:activation_insuredperson_change", "Dana’s person by an operator of NSK"),
        (SlugScoped, "admin:notices_notice_change", "Dana’s message by an operator of NSK"),
        (SlugScoped, "admin:core_auditevent_change", "Dana’s event by an auditor of NSK"),
    ],
)
def test_if_staff_saw_every_insurers_rows_they_would_open_them(
    world: World, monkeypatch: pytest.MonkeyPatch, wall: type, url: str, whose: str
) -> None:
    monkeypatch.setattr(wall, "get_queryset", all_rows)
    assert f"GET of {whose}: answered 200 instead of 404" in said(world, url)


@pytest.mark.long
def test_if_django_had_its_way_a_history_would_tell_which_accounts_exist(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PlainAdmin, "get_object", ModelAdmin.get_object)
    monkeypatch.setattr(PlainAdmin, "get_queryset", ModelAdmin.get_queryset)
    assert "GET of Aigul’s account by an operator of NSK: answered 403 instead of 404" in said(
        world, "admin:accounts_user_history"
    )


@pytest.mark.long
def test_if_reading_wrote_the_matrix_would_see_it_although_it_takes_everything_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def touched(*anything: Any, **whatever: Any) -> Any:
        Person.objects.update(sort_key=F("sort_key"))
        return policy_page(*anything, **whatever)

    monkeypatch.setattr("policies.views.policies.policy_page", touched)
    assert "GET that should change nothing writes into policies_person" in said(world, "policies:policy")


def test_a_new_address_without_a_row_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("claims/", views.help_page, name="claims")])
    assert set(every_url(URLResolver(RegexPattern(r"^/"), urls))) - {row.url for row in ROWS} == {"claims"}
