"""An insurer's own host wears its name and its colours; nobody else's does."""

from pathlib import Path

import pytest
from django.test import Client

from core.gallery import SAMPLE_BRAND
from policies.models import Insurer
from policies.services.products import publish_file
from tests.factories import PRODUCTS, an_insurer
from tests.queries import statements

pytestmark = pytest.mark.django_db
OWN = {"host": "nsk.localhost", "accept-language": "en"}


@pytest.fixture
def painted() -> Insurer:
    insurer = an_insurer()
    insurer.brand = SAMPLE_BRAND
    insurer.save()
    return insurer


def test_an_insurers_own_host_wears_its_name_and_its_colours(painted: Insurer) -> None:
    page = Client().get("/", headers=OWN).text
    assert "NSK</a>" in page
    assert "— NSK</title>" in page
    assert f'<link rel="stylesheet" href="/policies/brand/{painted.slug}.css?' in page
    assert f'content="{SAMPLE_BRAND["light"]["stage"]}" media="(prefers-color-scheme: light)"' in page
    assert f'content="{SAMPLE_BRAND["dark"]["stage"]}" media="(prefers-color-scheme: dark)"' in page


def test_a_neutral_host_wears_the_houses(painted: Insurer) -> None:
    page = Client().get("/", headers={"accept-language": "en"}).text
    assert "My policy</a>" in page
    assert "/policies/brand/" not in page
    assert "#073C47" in page


def test_a_page_about_another_insurers_programme_does_not_wear_its_colours(painted: Insurer) -> None:
    """On a neutral host the programme's page speaks with its numbers, but the cabinet stays one house."""
    page = Client().get("/activate/sphera/", headers={"accept-language": "en"})
    assert page.status_code == 200
    assert "/policies/brand/" not in page.text


def test_an_insurer_without_colours_is_named_and_keeps_the_houses() -> None:
    an_insurer()
    page = Client().get("/", headers=OWN).text
    assert "NSK</a>" in page
    assert "/policies/brand/" not in page
    assert "#073C47" in page


def test_the_colours_are_a_stylesheet_that_browsers_keep(painted: Insurer) -> None:
    sheet = Client().get(f"/policies/brand/{painted.slug}.css", headers=OWN)
    assert sheet.headers["Content-Type"] == "text/css"
    assert "immutable" in sheet.headers["Cache-Control"]
    assert not sheet.cookies
    assert f"--brand: {SAMPLE_BRAND['light']['brand']};" in sheet.text


def test_the_address_changes_with_the_colours(painted: Insurer) -> None:
    before = Client().get("/", headers=OWN).text
    painted.brand = {"light": SAMPLE_BRAND["light"]}
    painted.save()
    (address,) = (part for part in before.split('"') if part.startswith("/policies/brand/"))
    assert address not in Client().get("/", headers=OWN).text


def test_nobodys_colours_are_not_found() -> None:
    assert Client().get("/policies/brand/nobody.css").status_code == 404


def test_colours_are_only_read(painted: Insurer) -> None:
    assert Client().post(f"/policies/brand/{painted.slug}.css").status_code == 405


def test_wearing_them_costs_no_question_more(painted: Insurer) -> None:
    with statements() as worn:
        Client().get("/", headers=OWN)
    painted.brand = {}
    painted.save()
    with statements() as plain:
        Client().get("/", headers=OWN)
    assert len(worn) == len(plain)


def test_colours_that_cannot_be_read_are_not_published(tmp_path: Path) -> None:
    pale = tmp_path / "pale.toml"
    pale.write_text('[insurer.brand.light]\nbrand = "#FFFFFF"\n' + (PRODUCTS / "nsk.toml").read_text())
    with pytest.raises(ValueError, match="light: brand on surface is"):
        publish_file(path=pale)
    assert not Insurer.objects.exists()


def test_colours_in_the_data_file_are_worn(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    tables = "".join(
        f"[insurer.brand.{theme}]\n" + "".join(f'{name} = "{value}"\n' for name, value in tokens.items())
        for theme, tokens in SAMPLE_BRAND.items()
    )
    own.write_text(tables + (PRODUCTS / "nsk.toml").read_text())
    publish_file(path=own)
    assert Insurer.objects.get().brand == SAMPLE_BRAND
