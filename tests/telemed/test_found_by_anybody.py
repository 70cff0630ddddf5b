"""Public pages are the same for all who ask, in the language of their address, and search engines find them (adr/0037)."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.templatetags.components import structured_data
from telemed.models import Doctor, MedicalOrganisation
from tests.people import aigul, dana, insured_browser
from tests.telemed.factories import NOW
from tests.telemed.public import CARDIOLOGIST, DARIGER, DOCTORS, NOBODY, ORGANISATIONS, page, text, the_demos_doctors

pytestmark = pytest.mark.django_db
SITEMAP = "/sitemap.xml"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """Of Saturday, 21 November."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def demo() -> None:
    the_demos_doctors()


# ── The same for everybody ───────────────────────────────────────────────────
@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("path", [DOCTORS, CARDIOLOGIST, ORGANISATIONS, DARIGER, NOBODY])
def test_whoever_asks_is_answered_with_the_same_bytes_which_any_cache_may_keep(path: str) -> None:
    nobody, hers = page(path), insured_browser(aigul()).get(path, headers={"accept-language": "ru"})
    assert nobody.content == hers.content
    for answer in (nobody, hers):
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert "Vary" not in answer.headers
        assert not answer.cookies
        assert "nonce" not in answer.content.decode() + answer.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("demo")
def test_without_the_guard_a_page_would_depend_on_the_cookie(settings: Any) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "PublicPages" not in name]
    answer = insured_browser(aigul()).get(DOCTORS)
    assert "Cookie" in answer.headers["Vary"]


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("path", [DOCTORS, CARDIOLOGIST, DARIGER, SITEMAP])
def test_what_has_not_changed_is_not_sent_again(path: str) -> None:
    tag = page(path).headers["ETag"]
    again = page(path, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    Doctor.objects.all().delete()
    assert page(path, headers={"if-none-match": tag}).status_code in (200, 404)


@pytest.mark.parametrize("path", [DOCTORS, CARDIOLOGIST, ORGANISATIONS, DARIGER, NOBODY, SITEMAP, "/robots.txt"])
def test_a_page_for_anybody_takes_nothing(path: str) -> None:
    assert Client().post(path).status_code == 405
    assert Client().head(path).status_code in (200, 404)


# ── Languages ────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("demo")
def test_the_address_says_the_language_whatever_the_visitor_prefers() -> None:
    kazakh = insured_browser(aigul())
    kazakh.cookies["language"] = "kk"
    for language, word in (("kk", "Оспанов"), ("ru", "Карагандинский"), ("en", "Karaganda")):
        answer = kazakh.get(f"/{language}/doctors/temirbekova/", headers={"accept-language": "kk"})
        assert answer.headers["Content-Language"] == language
        assert f'<html lang="{language}">' in answer.text
        assert word in answer.text or language == "kk"
    assert "Қарағанды" in kazakh.get("/kk/doctors/temirbekova/").text


def test_an_address_without_a_language_leads_to_the_readers() -> None:
    assert page("/doctors/?page=2", headers={"accept-language": "kk"}).headers["Location"] == "/kk/doctors/?page=2"
    assert page("/doctors/x/").headers["Location"] == "/ru/doctors/x/"
    hers = insured_browser(dana(language="en"))
    assert hers.get("/medical-organisations/").headers["Location"] == "/en/medical-organisations/"
    assert "Cookie" in hers.get("/medical-organisations/x/").headers["Vary"]


@pytest.mark.parametrize("path", ["/de/doctors/", "/kk/", "/kk/accounts/login/", "/enx/doctors/"])
def test_no_other_page_is_behind_a_language(path: str) -> None:
    answer = page(path)
    assert answer.status_code == 404
    assert not answer.cookies or path.startswith(("/de/", "/enx/"))  # these begin with no language of ours
    assert ("csrfmiddlewaretoken" in answer.text) == bool(answer.cookies)  # a token would need its cookie


HEAD = re.compile(r'<link rel="(canonical|alternate)"(?: hreflang="([\w-]+)")? href="([^"]+)">')


@pytest.mark.usefixtures("demo")
def test_each_page_has_one_address_and_names_itself_in_the_other_languages() -> None:
    here = "http://testserver"
    links = {(rel, language): address for rel, language, address in HEAD.findall(text(CARDIOLOGIST))}
    assert links == {
        ("canonical", ""): f"{here}/en/doctors/ospanov/",
        ("alternate", "kk"): f"{here}/kk/doctors/ospanov/",
        ("alternate", "ru"): f"{here}/ru/doctors/ospanov/",
        ("alternate", "en"): f"{here}/en/doctors/ospanov/",
        ("alternate", "x-default"): f"{here}/doctors/ospanov/",
    }
    for (rel, language), address in links.items():
        if language != "x-default":
            (own,) = (other for kind, _language, other in HEAD.findall(text(address)) if kind == "canonical")
            assert own == address, rel
    title = text(CARDIOLOGIST).partition("<title>")[2].partition("</title>")[0]
    assert title.startswith("Оспанов Ерлан Болатович, cardiologist — ")
    description = text(CARDIOLOGIST).partition('name="description" content="')[2].partition('"')[0]
    assert "education, qualification, certificate" in description


KNOWN = re.compile(
    r"http://testserver/en/doctors/"
    r"(\?(speciality=(cardiologist|therapist|paediatrician))?&?(language=(kk|ru|en))?&?(page=\d+)?)?"
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(["speciality", "language", "page", "utm"]),
        st.one_of(st.text(), st.sampled_from(["cardiologist", "kk", "2", "-1", "0", "²", "9" * 9, "en"])),
    )
)
def test_whatever_is_asked_for_there_is_a_page_with_one_of_our_addresses(demo: None, query: dict[str, str]) -> None:
    answer = page(DOCTORS, query_params=query)
    if answer.status_code == 400:
        assert any("\0" in value for value in query.values())
        return
    assert answer.status_code == 200
    (address,) = (found for kind, _language, found in HEAD.findall(answer.content.decode()) if kind == "canonical")
    assert KNOWN.fullmatch(address.replace("&amp;", "&")), address


# ── For search engines ───────────────────────────────────────────────────────
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>')


def data_of(path: str) -> dict[str, Any]:
    (told,) = DATA.findall(text(path))
    found: dict[str, Any] = json.loads(told)
    return found


@pytest.mark.usefixtures("demo")
def test_machines_read_who_it_is() -> None:
    doctor = data_of(CARDIOLOGIST)
    assert (doctor["@type"], doctor["name"], doctor["medicalSpecialty"]) == (
        "Physician", "Оспанов Ерлан Болатович", "cardiologist",
    )  # fmt: skip
    assert doctor["parentOrganization"]["url"] == "http://testserver/en/medical-organisations/dariger/"
    clinic = data_of(DARIGER)
    assert (clinic["@type"], clinic["name"], clinic["identifier"]) == (
        "MedicalClinic", "Dariger medical centre", "№ 00000000 (demo)",
    )  # fmt: skip
    assert clinic["description"] == "The doctors consult online around the clock."
    MedicalOrganisation.objects.update(about={})
    assert "description" not in data_of(DARIGER)


@given(st.text())
def test_no_name_ends_the_block_of_data_or_is_changed_by_it(name: str) -> None:
    told = structured_data({"name": name, "kept": "here"})
    body = told.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&") & set(body)
    assert json.loads(body) == ({"name": name} if name else {}) | {"kept": "here"}


@pytest.mark.usefixtures("demo")
def test_the_sitemap_names_every_page_in_every_language() -> None:
    told = text(SITEMAP)
    for language in ("kk", "ru", "en"):
        for path in ("doctors/", "doctors/ospanov/", "medical-organisations/", "medical-organisations/dariger/"):
            assert f"<loc>http://testserver/{language}/{path}</loc>" in told
    assert told.count("<loc>") == 3 * (2 + 1 + 3)
    assert 'hreflang="x-default" href="http://testserver/doctors/ospanov/"' in told
    for address in re.findall("<loc>http://testserver(.+?)</loc>", told):
        assert page(address).status_code == 200


def test_robots_may_read_what_is_for_anybody_and_nothing_else() -> None:
    lines = text("/robots.txt").splitlines()
    allowed = [line.removeprefix("Allow: ") for line in lines if line.startswith("Allow: ")]
    assert {"/kk/", "/ru/", "/en/", "/doctors/", "/medical-organisations/", "/$", "/help/"} <= set(allowed)
    assert "Disallow: /" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    closed = (
        "/doctor/",
        "/desk/",
        "/accounts/",
        "/policies/",
        "/activate/",
        "/staff/",
        "/assistance/",
        "/conclusions/",
    )
    assert not [path for path in closed if any(path.startswith(prefix) for prefix in allowed)]
