from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import SessionEnd, device_label, is_own_path, session_end

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("is_staff", "idle", "end"),
    [
        (False, timedelta(minutes=30), SessionEnd.IDLE),
        (False, timedelta(minutes=30, microseconds=-1), None),
        (True, timedelta(minutes=15), SessionEnd.IDLE),
        (True, timedelta(minutes=15, microseconds=-1), None),
    ],
)
def test_the_idle_limit_is_30_minutes_and_15_for_staff(is_staff: bool, idle: timedelta, end: SessionEnd | None) -> None:
    begun = NOW - timedelta(hours=1)
    assert session_end(signed_in_at=begun, seen_at=NOW - idle, now=NOW, is_staff=is_staff) == end


@pytest.mark.parametrize(
    ("age", "end"), [(timedelta(hours=12), SessionEnd.TOO_LONG), (timedelta(hours=12, microseconds=-1), None)]
)
@pytest.mark.parametrize("is_staff", [True, False])
def test_nobody_stays_signed_in_for_12_hours(age: timedelta, end: SessionEnd | None, is_staff: bool) -> None:
    assert session_end(signed_in_at=NOW - age, seen_at=NOW, now=NOW, is_staff=is_staff) == end


FOREIGN = [
    "", "https://evil.kz", "http:evil.kz", "//evil.kz", "///evil.kz", "////evil.kz", "\\\\evil.kz", "/\\evil.kz",
    "\\/evil.kz", "/\t/evil.kz", "/\n/evil.kz", "/\r/evil.kz", "\t//evil.kz", " //evil.kz", "/ /evil.kz",
    "javascript:alert(1)", "data:text/html,x", "evil.kz", "@evil.kz", ".evil.kz", "https:/\\evil.kz", "/\x00/evil.kz",
    "/\x0b/evil.kz", "/\u2028/evil.kz", "https:///evil.kz", "?next=//evil.kz", "/x\\..\\evil",
]  # fmt: skip


@pytest.mark.parametrize("url", FOREIGN)
def test_a_redirect_never_leaves_the_host(url: str) -> None:
    assert not is_own_path(url)


@pytest.mark.parametrize(
    "url", ["/", "/claims/", "/claims/?page=2&sort=-date", "/a/b#c", "/поиск/?q=%20", "/%2F%2Fevil"]
)
def test_a_path_of_ours_is_kept(url: str) -> None:
    assert is_own_path(url)


@given(st.text())
def test_what_is_kept_has_no_second_slash_in_a_browsers_eyes(url: str) -> None:
    seen = url.replace("\\", "/").translate(dict.fromkeys(range(0x21)))
    assert not is_own_path(url) or (seen.startswith("/") and not seen.startswith("//"))


CHROME = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 {}Chrome/131.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (CHROME.format(""), "Chrome, Android"),
        (CHROME.format("SamsungBrowser/27.0 "), "Samsung Internet, Android"),
        (CHROME.format("") + " YaBrowser/24.1", "Yandex Browser, Android"),
        (CHROME.format("") + " OPR/80", "Opera, Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) CriOS/131.0 Safari/604.1", "Chrome, iPad"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15", "Safari, macOS"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_as_its_owner_calls_it(user_agent: str, label: str) -> None:
    assert device_label(user_agent) == label
