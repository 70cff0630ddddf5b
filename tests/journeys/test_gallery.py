"""The components in a browser: reachable, readable, whole at every width, and alive with and without script."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings as SettingsWrapper
from pytest_django.live_server_helper import LiveServer

from tests.journeys.judge import overhang, violations


@pytest.fixture
def gallery(live_server: LiveServer, settings: SettingsWrapper) -> str:
    settings.DEMO = True
    return f"{live_server.url}/design/"


@pytest.mark.parametrize(
    ("scheme", "language"),
    [
        ("light", "kk"),
        ("dark", "ru"),
        pytest.param("light", "ru", marks=pytest.mark.long),
        pytest.param("dark", "kk", marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_at_any_width(gallery: str, browser: Browser, scheme: str, language: str) -> None:
    context = browser.new_context(color_scheme=scheme, locale=language)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(gallery)
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert overhang(page) == 0, f"scrolls sideways at {width}"
        assert violations(page) == "", f"at {width}"
    context.close()


def test_axe_would_have_found_something(gallery: str, page: Page) -> None:
    page.goto(gallery)
    page.evaluate("document.querySelector('#id_email').removeAttribute('id')")
    assert "label" in violations(page)


@pytest.mark.parametrize("forced", ["more", "forced"])
def test_nothing_is_lost_in_high_contrast(gallery: str, page: Page, forced: str) -> None:
    page.emulate_media(**({"contrast": "more"} if forced == "more" else {"forced_colors": "active"}))  # type: ignore[arg-type]
    page.goto(gallery)
    assert violations(page) == ""


def test_two_hundred_percent_text_and_wide_spacing_do_not_scroll_sideways(gallery: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(gallery)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    spacing = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
        spacing,
    )
    assert overhang(page) == 0


def test_every_target_is_big_enough_for_a_thumb(gallery: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(gallery)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .btn, .nav a, .langs button, .back, .more, .row > a, summary, "
        + ".change a, .field input:not([type=checkbox]):not([type=radio]), .choices label, select, textarea")]
        .filter(target => target.getBoundingClientRect().height < 44 && target.offsetParent)
        .map(target => target.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_the_first_tab_offers_to_skip_to_the_content(gallery: str, page: Page) -> None:
    page.goto(gallery)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_pasted_date_is_spread_over_the_three_boxes(gallery: str, page: Page) -> None:
    page.goto(gallery)
    boxes = page.locator("#new_birth_date_0, #new_birth_date_1, #new_birth_date_2")
    for text in ("14.03.1961", " 14/03/1961 ", "1961-03-14"):
        boxes.evaluate_all("boxes => boxes.forEach(box => { box.value = '' })")
        paste(page, "#new_birth_date_1", text)
        assert boxes.evaluate_all("boxes => boxes.map(box => box.value)") == ["14", "03", "1961"]
    expect(boxes.last).to_be_focused()


def test_a_pasted_word_is_left_to_the_person(gallery: str, page: Page) -> None:
    page.goto(gallery)
    assert paste(page, "#new_birth_date_0", "14 марта") is True


def paste(page: Page, box: str, text: str) -> bool:
    """True: the browser was left to paste by itself."""
    script = """(box, text) => {
      const data = new DataTransfer(); data.setData("text", text);
      return box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }"""
    return bool(page.locator(box).evaluate(script, text))


def test_the_rules_of_a_password_answer_while_it_is_typed(gallery: str, page: Page) -> None:
    page.goto(gallery)
    met = page.locator("#new_password_rules .met")
    expect(met).to_have_count(0)
    page.fill("#new_password", "abc1")
    expect(met).to_have_count(2)
    page.fill("#new_password", "abc123")
    expect(met).to_have_count(3)
    page.fill("#new_password", "пароль1")
    expect(met).to_have_count(1)


def test_a_password_can_be_seen_and_hidden_again(gallery: str, page: Page) -> None:
    page.goto(gallery)
    button, box = page.locator(".peek button").first, page.locator("#new_password")
    button.click()
    expect(box).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(box).to_have_attribute("type", "password")


def test_a_form_is_sent_once_however_often_it_is_clicked(gallery: str, page: Page) -> None:
    page.goto(gallery)
    sent = page.evaluate(
        """() => {
          const form = document.querySelector("form:has(#new_password)"); let sent = 0;
          window.addEventListener("submit", event => { if (!event.defaultPrevented) sent += 1; event.preventDefault(); });
          const button = form.querySelector(".btn:not([type=button])"); button.click(); button.click();
          return [sent, button.getAttribute("aria-busy"), button.disabled];
        }"""
    )
    assert sent == [1, "true", False]


def test_a_page_with_errors_begins_at_their_summary(live_server: LiveServer, page: Page) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.locator("main form .btn:not([type=button])").first.click()
    expect(page.locator(".errors")).to_be_focused()
    assert page.title().startswith(("Error:", "Ошибка:", "Қате:"))


def test_no_page_breaks_the_policy_of_the_site(gallery: str, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(gallery)
    page.goto(gallery + "?brand")
    assert complaints == []


def test_another_insurer_wears_its_own_colours(gallery: str, page: Page) -> None:
    page.goto(gallery + "?brand")
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor") == "rgb(72, 23, 79)"


def test_without_script_the_page_is_whole(gallery: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(gallery)
    expect(page.locator("#new_birth_date_0")).to_be_editable()
    expect(page.locator(".peek button")).to_have_count(0)
    context.close()
