import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings as SettingsWrapper


@pytest.fixture
def workshop(settings: SettingsWrapper) -> None:
    settings.DEMO = True


@pytest.mark.usefixtures("workshop")
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_gallery_is_shown_in_every_language(client: Client, language: str) -> None:
    response = client.get("/design/", headers={"accept-language": language})
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text
    assert f'lang="{language}" aria-current="true"' in response.text


@pytest.mark.usefixtures("workshop")
def test_the_gallery_asks_the_database_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    with django_assert_num_queries(0):
        client.get("/design/")


@pytest.mark.usefixtures("workshop")
def test_another_insurer_brings_its_colours_and_its_name(client: Client) -> None:
    page = client.get("/design/?brand").text
    assert '<link rel="stylesheet" href="/design/brand.css">' in page
    assert "Amethyst</a>" in page
    sheet = client.get("/design/brand.css")
    assert sheet.headers["Content-Type"] == "text/css"
    assert "@layer brand" in sheet.text


@pytest.mark.usefixtures("workshop")
@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/design/", "/design/brand.css"])
def test_the_gallery_is_only_read(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/design/", "/design/brand.css"])
def test_outside_the_workshop_there_is_no_gallery(client: Client, address: str, settings: SettingsWrapper) -> None:
    settings.DEMO = settings.DEBUG = False
    assert client.get(address).status_code == 404
