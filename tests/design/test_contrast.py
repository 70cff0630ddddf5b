"""The colours are recomputed from the stylesheet itself: text 4.5:1, controls and marks 3:1, in both themes."""

import re

import pytest
from django.conf import settings

from core.brand import BRAND, PAIRS, contrast, house_tokens, stylesheet, unreadable
from core.gallery import SAMPLE_BRAND

CASES = [(theme, *pair) for theme in ("light", "dark") for pair in PAIRS]


@pytest.mark.parametrize(("theme", "above", "below", "least"), CASES)
def test_every_pair_of_the_house_can_be_read(theme: str, above: str, below: str, least: float) -> None:
    tokens = house_tokens()[theme]
    assert contrast(tokens[above], tokens[below]) >= least


def test_the_scale_of_contrast_is_that_of_wcag() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # the well-known grey that just fails


def test_both_themes_are_found_in_the_stylesheet() -> None:
    light, dark = house_tokens()["light"], house_tokens()["dark"]
    assert light["page"] != dark["page"]
    assert light["focus-in"] == light["gold"]


def test_the_header_says_its_colour_to_the_browser() -> None:
    skeleton = (settings.BASE_DIR / "templates/layouts/plain.html").read_text()
    for theme in ("light", "dark"):
        assert f"{{% block bar_{theme} %}}{house_tokens()[theme]['stage']}{{% endblock %}}" in skeleton


def test_the_admin_wears_the_house_colours() -> None:
    admin = (settings.BASE_DIR / "static/css/admin.css").read_text()
    links = re.findall(r"--link-fg: (#\w+);", admin)
    assert links == [house_tokens()[theme]["brand"] for theme in ("light", "dark", "dark")]


def test_the_two_dark_themes_of_the_admin_are_equal() -> None:
    admin = (settings.BASE_DIR / "static/css/admin.css").read_text()
    chosen, automatic = re.findall(r'(?:\[data-theme="dark"\]|:root:not\(\[data-theme\]\)) \{(.*?)\}', admin, re.DOTALL)
    assert chosen.split() == automatic.split()


def test_an_insurer_with_readable_colours_passes() -> None:
    assert unreadable(SAMPLE_BRAND) == []


def test_a_pale_brand_colour_is_named_with_its_ratio() -> None:
    assert "light: brand on surface is 1.00, needs 4.5" in unreadable({"light": {"brand": "#FFFFFF"}})


def test_a_light_brand_colour_is_checked_in_the_dark_theme_too() -> None:
    problems = unreadable({"light": {"brand": "#0B5563"}})
    assert problems
    assert all(problem.startswith("dark:") for problem in problems)


def test_the_stylesheet_of_an_insurer_stands_in_its_own_layer() -> None:
    css = stylesheet({"light": {"brand": "#6B2C77"}, "dark": {"brand": "#E0A6EA"}})
    assert css.startswith("@layer brand {")
    assert ":root { --brand: #6B2C77; }" in css
    assert "dark) { :root { --brand: #E0A6EA; } }" in css


@pytest.mark.parametrize(
    "tokens", [{"err": "#6B2C77"}, {"brand": "red"}, {"brand": "#6B2C77; } * { display: none"}, {"brand": "#6B2C7"}]
)
def test_an_insurer_sets_only_its_own_names_and_only_colours(tokens: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not a colour an insurer may set"):
        stylesheet({"light": tokens})


def test_every_brand_name_is_a_house_token() -> None:
    assert set(BRAND) <= set(house_tokens()["light"])
