"""Every address of the resolver, met by everybody, carries what browsers are told."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from csp.decorators import csp_exempt, csp_update
from django.conf import settings as portal_settings
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt

from accounts.models import User
from activation.models import Activation
from activation.views.passage import hand_out, remember_begun
from policies.models import Document, Policy, Register
from policies.rules import AccessKind, AccessScope
from policies.services.access import grant_access
from tests.factories import a_policy
from tests.people import PASSWORD, aigul, marat, staff_browser
from tests.policies.conftest import originals  # noqa: F401  a fixture: uploaded files lie in the test's own folder
from tests.policies.registers import as_csv, received
from tests.security.addresses import path_of, routes
from tests.security.headers import EXACTLY, about_page, complaints, nonces_of

pytestmark = pytest.mark.django_db
FOR_ANYBODY = (
    "doctors/", "doctors/<slug:slug>/", "medical-organisations/", "medical-organisations/<slug:slug>/",
)  # fmt: skip
# The same for everybody: a browser may keep them.
PUBLIC = {
    "", "help/", "activate/", "healthz", "policies/brand/<slug:slug>.css", "sitemap.xml", "robots.txt",
    *(f"{language}{page}" for page in FOR_ANYBODY for language in ("", "kk/", "ru/", "en/")),
}  # fmt: skip


@pytest.fixture(autouse=True)
def behind_tls(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 365 * 24 * 3600, True


OF_A_CLAIM = ("item", "letter", "decision", "objection", "payee", "stop", "examination", "asked")


@dataclass
class Place:
    """Aigul's policy with a document, half activated by a visitor, a register, and examples for every argument of an address."""

    policy: Policy
    register: Register
    document: Document
    insured: User
    chief: User

    def path(self, route: str) -> str:
        subject: Any = self.policy
        if "register/" in route:
            subject = self.register
        elif "insuredperson/" in route:
            subject = self.policy.insured
        return path_of(route, {
            "public_id": str(subject.public_id), "object_id": str(subject.public_id),
            "policy": str(self.policy.public_id), "account": str(self.insured.public_id),
            "person": str(self.policy.insured.public_id),
            "document_id": str(self.document.public_id),
            "code": "sphera", "insurer": "nsk", "slug": "nsk", "app_label": "policies", "pk": "1", "content_type_id": "1",
            "subject": str(self.policy.public_id), "guest": str(self.policy.public_id),
            "token": "dead", "key": "dead", "uidb36": "1", "url": "nowhere",
            "service": "specialist", "speciality": "cardiologist", "who": "nearest", "language": "ru", "number": "1",
            "earlier_id": str(self.policy.public_id), "file": str(self.document.public_id), "event": "accept", "way": "court",
            **dict.fromkeys(OF_A_CLAIM, str(self.policy.public_id)),
        })  # fmt: skip


@pytest.fixture
def place() -> Place:
    policy, insured, chief = a_policy(), aigul(), marat(is_superuser=True)
    grant_access(
        user=insured, person=policy.insured, kind=AccessKind.SELF, scope=AccessScope.FULL, proof="facts",
        by=insured, now=timezone.now(),
    )  # fmt: skip
    for user in (insured, chief):
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    register = received(as_csv(), product=policy.product_version.product, by=chief)
    document = Document.objects.create(
        policy=policy, product_version=policy.product_version, kind="appendix_1", language="ru", size=1,
        file=ContentFile(b"x", name="appendix"),
    )  # fmt: skip
    return Place(policy, register, document, insured, chief)


def a_visitor(place: Place) -> Client:
    return Client()


def half_way(place: Place) -> Client:
    """A visitor whose facts were right, and who waits for a letter from another day."""
    browser, policy = Client(), a_policy("4410 0275 42", signed_on=timezone.localdate())
    begun = Activation.objects.create(policy=policy, nonce="n", email="new@example.kz", kind="self", proof="facts")
    for response in (remember_begun(HttpResponse(), begun), hand_out(HttpResponse(), policy, None)):
        browser.cookies.update(response.cookies)
    return browser


def an_insured_person(place: Place) -> Client:
    browser = Client()
    browser.force_login(place.insured)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def a_superuser(place: Place) -> Client:
    return staff_browser(place.chief)


def met(browser: Client, place: Place, method: str = "GET") -> list[tuple[str, Any]]:
    """Every route and its answer, once; what signs out comes last."""
    in_order = sorted(routes(), key=lambda route: "logout" in route)
    return [(route, browser.generic(method, place.path(route), secure=True)) for route in in_order]


PERSON = "staff/activation/insuredperson/<path:object_id>/change/"
DOCUMENT = "policies/<uuid:public_id>/documents/<uuid:document_id>/"


# ── The crawl ────────────────────────────────────────────────────────────────
# Who comes, which addresses are private to them, and what must open: an example that leads nowhere proves nothing.
CRAWLS = [
    (a_visitor, "none", {"activate/<slug:code>/", "accounts/login/"}),
    (half_way, "activate/", {"activate/<slug:code>/waiting/calendar.ics", "activate/letter/"}),
    (an_insured_person, "", {"policies/<uuid:public_id>/", DOCUMENT, "accounts/2fa/recovery-codes/download/"}),
    pytest.param(
        a_superuser, "", {"staff/policies/register/<path:object_id>/change/", "staff/activation/insuredperson/", PERSON},
        marks=pytest.mark.long,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("who", "private", "opens"), CRAWLS)
def test_every_address_tells_browsers_what_they_need(
    place: Place, who: Callable[[Place], Client], private: str, opens: set[str]
) -> None:
    answers = met(who(place), place)
    assert {route: found for route, answer in answers if (found := list(complaints(answer)))} == {}
    assert [route for route, answer in answers if answer.status_code >= 500] == []
    # A nonce that came twice could be known to a stranger.
    nonces = [nonce for _route, answer in answers for nonce in nonces_of(answer["Content-Security-Policy"])]
    assert len(nonces) == len(set(nonces)) > 10
    # Nothing personal is kept by a browser.
    kept = {route for route, answer in answers if "no-store" not in answer.headers.get("Cache-Control", "")}
    assert {route for route in kept - PUBLIC if route.startswith(private)} == set()
    assert opens <= {route for route, answer in answers if answer.status_code == 200}


@pytest.mark.parametrize(
    "who",
    [a_visitor, an_insured_person, *(pytest.param(who, marks=pytest.mark.long) for who in (half_way, a_superuser))],
)
def test_an_empty_form_is_answered_with_them_too(place: Place, who: Callable[[Place], Client]) -> None:
    answers = met(who(place), place, "POST")
    assert {route: found for route, answer in answers if (found := list(complaints(answer)))} == {}
    assert [route for route, answer in answers if answer.status_code >= 500] == []
    assert {200, 302, 405} <= {answer.status_code for _route, answer in answers}


# ── Answers that no address gives ────────────────────────────────────────────
def a_static_file(settings: Any, tmp_path: Path) -> Any:
    (tmp_path / "app.css").write_text("a { color: red }")
    settings.STATIC_ROOT, settings.WHITENOISE_USE_FINDERS = tmp_path, False
    return Client().get("/static/app.css", secure=True)


def a_strange_host(settings: Any, tmp_path: Path) -> Any:
    settings.ALLOWED_HOSTS = ["my.nsk.kz"]
    return Client().get("/", secure=True, headers={"Host": "evil.example"})


def a_redirect_to_tls(settings: Any, tmp_path: Path) -> Any:
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/help/")
    answer.headers["Strict-Transport-Security"] = EXACTLY["Strict-Transport-Security"]  # browsers heed it on TLS only
    return answer


def a_missing_slash(settings: Any, tmp_path: Path) -> Any:
    return Client().get("/help", secure=True)


def a_fault(settings: Any, tmp_path: Path) -> Any:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("portal.views.help_of_everybody", None)
        return Client(raise_request_exception=False).get("/help/", secure=True)


def a_form_without_a_token(settings: Any, tmp_path: Path) -> Any:
    return Client(enforce_csrf_checks=True).post("/accounts/login/", secure=True)


@pytest.mark.parametrize(
    ("ask", "status"),
    [(a_static_file, 200), (a_strange_host, 400), (a_redirect_to_tls, 301), (a_missing_slash, 301), (a_fault, 500),
     (a_form_without_a_token, 403)],
)  # fmt: skip
def test_what_no_page_answers_carries_the_headers_too(
    settings: Any, tmp_path: Path, ask: Callable[[Any, Path], Any], status: int
) -> None:
    answer = ask(settings, tmp_path)
    assert answer.status_code == status
    assert list(complaints(answer)) == []


# ── Controls ─────────────────────────────────────────────────────────────────
GUARDS = {
    "django.middleware.security.SecurityMiddleware": "Strict-Transport-Security",
    "portal.middleware.HeadersMiddleware": "Permissions-Policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware": "X-Frame-Options",
    "csp.middleware.CSPMiddleware": "Content-Security-Policy",
}


@pytest.mark.parametrize("guard", GUARDS)
def test_without_a_guard_the_crawl_complains(settings: Any, guard: str) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != guard]
    assert any(GUARDS[guard] in found for found in complaints(Client().get("/healthz", secure=True)))


def test_without_the_rule_for_sessions_pages_would_be_kept(settings: Any, place: Place) -> None:
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "SessionLimits" not in name]
    answer = an_insured_person(place).get(place.policy.get_absolute_url(), secure=True)
    assert "no-store" not in answer.headers.get("Cache-Control", "")


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>")


@pytest.mark.parametrize(
    ("view", "complaint"),
    [
        (csp_exempt()(plain), "Content-Security-Policy"),
        (csp_update({"script-src": ["'unsafe-inline'"]})(plain), "Content-Security-Policy: script-src"),
        (xframe_options_exempt(plain), "X-Frame-Options"),
    ],
)
def test_a_view_that_drops_a_header_is_noticed(settings: Any, view: Any, complaint: str) -> None:
    settings.ROOT_URLCONF = type("Urls", (), {"urlpatterns": [path("", view)]})
    assert any(found.startswith(complaint) for found in complaints(Client().get("/", secure=True)))


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<script nonce="another">alert(1)</script>', "<script"),
        ("<style>p{}</style>", "<style>"),
        ('<p onclick="alert(1)">', "an attribute onclick"),
        ('<p style="color:red">', "an attribute style"),
    ],
)
def test_what_a_policy_would_stop_is_noticed_in_the_page(page: str, complaint: str) -> None:
    assert any(complaint in found for found in about_page(page, {"nonce-of-the-answer"}))


# ── The two forms: a production behind TLS, a laptop without ─────────────────
TOLD = [
    "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "DEVICE_COOKIE_NAME", "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT",
]  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        (
            {"PUBLIC_URL": "https://my.nsk.kz"},
            ["__Host-session", "__Host-csrf", "__Host-language", "__Host-device", *[True] * 4, 31536000, True],
        ),
        (
            {"PUBLIC_URL": "http://127.0.0.1:8000", "DEMO": "1"},
            ["session", "csrf", "language", "device", *[False] * 3, True, 0, False],
        ),
    ],
)
def test_a_laptop_has_plain_cookies_and_production_has_not(environment: dict[str, str], told: list[Any]) -> None:
    """Read in a process of its own: the settings are made once."""
    script = f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {TOLD}]))"
    inherited = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings", "SECRET_KEY": "k"}
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=portal_settings.BASE_DIR, capture_output=True, text=True, check=True,
        env={**inherited, "DATABASE_URL": "postgres://web@127.0.0.1/none", **environment},
    )  # fmt: skip
    assert json.loads(answer.stdout) == told
