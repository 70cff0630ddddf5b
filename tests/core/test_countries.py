from django.utils import translation

from core.countries import countries, country_choices, country_name


def test_a_country_is_named_in_the_readers_language() -> None:
    for language, name in (("kk", "Түркия"), ("ru", "Турция"), ("en", "Türkiye")):
        with translation.override(language):
            assert country_name("TR") == name
    assert country_name("XX") == "XX"


def test_every_country_has_all_its_names() -> None:
    assert len(countries()) > 230
    assert all(
        len(code) == 2 and set(names) == {"kk", "ru", "en"} and all(names.values())
        for code, names in countries().items()
    )


def test_those_that_are_chosen_most_stand_on_top_and_once() -> None:
    with translation.override("ru"):
        codes = [code for code, _name in country_choices("KZ", "RU")]
        names = [name for _code, name in country_choices("KZ", "RU")]
    assert codes[:2] == ["KZ", "RU"]
    assert len(codes) == len(set(codes)) == len(countries())
    assert names[2] == "Австралия"
