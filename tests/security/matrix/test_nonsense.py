"""Whatever is asked of a list, a search or a form, the answer is a page: never a fault of ours."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.forms import sends
from tests.security.matrix.actors import Actor, Household
from tests.security.matrix.world import World

LISTS = {
    "policies_register": ["state", "state__exact", "uploaded_by__email__startswith"],
    "policies_difference": ["decision", "person__iin__startswith"],
    "policies_staffmembership": ["insurer__id__exact", "role__exact", "user__password__startswith"],
    "core_auditevent": ["actor__exact", "detail__startswith"],
    "core_calendarday": ["country__exact", "kind__exact", "date__year", "date__month", "date__day", "date__gte"],
    "notices_notice": ["state__exact", "answer__exact", "channel__exact", "context__startswith"],
    "accounts_user": ["email__startswith", "password__startswith"],
    "auth_group": ["name__startswith"],
    "activation_insuredperson": ["surname", "iin__startswith"],
    "activation_mailing": ["state__exact", "started_by__password__startswith"],
    "claims_claim": ["state__exact", "person__iin__startswith"],
    "claims_excludedcountry": ["ground__exact", "insurer__id__exact", "insurer__slug__startswith"],
    "claims_wording": ["language__exact", "insurer__id__exact", "insurer__slug__startswith"],
    "activation_codebatch": ["product__code", "issued_by__password__startswith"],
}
OF_EVERY_LIST = [
    "q",
    "o",
    "p",
    "all",
    "e",
    "_popup",
    "_to_field",
    "_facets",
    "_changelist_filters",
    "pk__in",
    "nowhere__x",
]
ASKED = [(model, parameter) for model, own in LISTS.items() for parameter in [*OF_EVERY_LIST, *own]]
NONSENSE = [
    "", "\x00", "a\x00b", "-1", "0", "9" * 40, "1e9", "٣", "NaN", "'", "\"'><script>", "%", "%s", "{{7*7}}", "__", "-pk",
    "id__gt", "../..", "[]", "null", "true", "\ud7ff", "\U0001f9a5", "\u202e", "x" * 9000, "2026-13-45", "select pg_sleep(9)",
]  # fmt: skip


@pytest.fixture
def chief(world: World) -> Client:
    return world.browser(Actor.CHIEF)


def test_every_list_is_asked() -> None:
    assert set(LISTS) == {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}


@pytest.mark.long
@pytest.mark.parametrize("share", range(9))
def test_a_list_survives_any_parameter(chief: Client, share: int) -> None:
    """Every parameter with three sorts of nonsense, every sort with a ninth of the parameters."""
    for number, (model, parameter) in enumerate(ASKED):
        if number % 9 == share:
            for text in NONSENSE[share::9]:
                assert chief.get(path_of_list(model), {parameter: text}).status_code < 500, (model, parameter, text)


@pytest.mark.long
@pytest.mark.parametrize("text", NONSENSE)
def test_a_list_survives_every_pair(chief: Client, text: str) -> None:
    for model, parameter in ASKED:
        assert chief.get(path_of_list(model), {parameter: text}).status_code < 500, (model, parameter)


def path_of_list(model: str) -> str:
    return reverse(f"admin:{model}_changelist")


@pytest.mark.long
@pytest.mark.parametrize("text", NONSENSE)
def test_pages_survive_any_parameter(world: World, chief: Client, text: str) -> None:
    register = reverse("admin:policies_register_change", args=[world.keys["register"][Household.AIGUL]])
    for path, parameters in {
        register: ["show", "after"],
        "/staff/autocomplete/": ["app_label", "model_name", "field_name", "term", "page"],
        "/staff/policies/staffmembership/add/": ["user", "insurer", "role", "_popup", "_to_field"],
        "/assistance/figures/": ["period", "first", "last", "insurer"],
        "/assistance/requests/": ["first", "last", "ending", "before"],
        "/staff/login/": ["next"], "/accounts/login/": ["next"], "/design/": ["state", "x"], "/": ["next"],
    }.items():  # fmt: skip
        assert chief.get(path, dict.fromkeys(parameters, text)).status_code < 500, path


@pytest.mark.long
@pytest.mark.parametrize("text", NONSENSE)
def test_a_search_for_a_file_survives_anything(chief: Client, text: str) -> None:
    assert chief.post("/staff/activation/insuredperson/", {"q": text}, follow=True).status_code == 200
    assert chief.get("/staff/activation/insuredperson/attempts/nsk/").status_code == 404


@pytest.mark.long
@pytest.mark.parametrize("text", NONSENSE)
def test_an_action_survives_any_choice(chief: Client, text: str) -> None:
    chosen = {"action": text, "_selected_action": text, "select_across": text, "index": text, "reason": text}
    for model, action in [("notices_notice", "retry"), ("policies_difference", "take"), ("policies_difference", text)]:
        assert chief.post(path_of_list(model), chosen | {"action": action}).status_code < 500, (model, action)


@pytest.mark.long
@pytest.mark.parametrize("text", NONSENSE)
def test_a_form_at_the_door_survives_anything(world: World, text: str) -> None:
    browser = world.browser(Actor.VISITOR)
    names = [
        "insured_id",
        "birth_date_0",
        "birth_date_1",
        "birth_date_2",
        "answer",
        "email",
        "password",
        "language",
        "next",
    ]
    for path in (
        "/activate/sphera/", "/activate/sphera/recovery/", "/activate/sphera/recovery/codes/", "/activate/letter/address/",
        "/accounts/language/", "/accounts/login/", "/accounts/password/reset/",
    ):  # fmt: skip
        assert sends(browser, path, dict.fromkeys([*names, "login"], text)).status_code < 500, path


@pytest.mark.long
@pytest.mark.parametrize("text", [text for text in NONSENSE if "\x00" not in text and text.isascii()])
def test_cookies_and_headers_may_say_anything(world: World, text: str) -> None:
    browser = world.browser(Actor.VISITOR)
    browser.cookies.load(dict.fromkeys(("__Host-passage", "__Host-begun", "__Host-language", "messages"), text))
    headers: Any = {"Accept-Language": text[:999], "User-Agent": text, "Referer": text}
    for path in ("/", "/activate/letter/", "/activate/sphera/account/", "/accounts/login/"):
        assert browser.get(path, headers=headers).status_code < 500, path


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/staff/policies/difference/?decision=%00", 400),
        ("/staff/notices/notice/?q=a%00b", 400),
        ("/staff/policies/register/%00/change/", 400),
        (f"/staff/core/calendarday/?date__year={'9' * 40}", 302),
    ],
)
def test_what_once_failed_is_refused(chief: Client, path: str, code: int) -> None:
    assert chief.get(path).status_code == code


def test_an_action_on_what_is_no_row_is_refused(chief: Client) -> None:
    for model, action in (("notices_notice", "retry"), ("policies_difference", "take")):
        assert chief.post(path_of_list(model), {"action": action, "_selected_action": "x"}).status_code == 400


def test_a_secret_cannot_be_guessed_by_filters(chief: Client) -> None:
    """Django refuses lookups that no filter of the list names."""
    for lookup in ("user__password__startswith", "user__email__startswith"):
        answer = chief.get(path_of_list("policies_staffmembership"), {lookup: "a"})
        assert answer.status_code == 400
