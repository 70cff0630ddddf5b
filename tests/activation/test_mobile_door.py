"""The door that begins with a mobile number (TM-02, TM-19…21, TM-27, TM-28), from the SMS to the open cabinet."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone
from time_machine import Traveller

from accounts.models import OneTimeLink, User
from activation.models import Activation, Step
from activation.rules import Proof, State, Verdict
from activation.services.operate import issue_code, undo_activation
from notices.models import Notice
from notices.services.wording import word
from policies.models import Access, ConsentAct, Policy, Product, ProductVersion
from policies.queries import has_consents
from policies.rules import AccessScope
from tests.accounts.sms import OTHER, PHONE, asks, sent_to, types
from tests.activation.caller import (
    ACCOUNT,
    BOTH,
    CODES,
    DEAD,
    DOOR,
    MOBILE,
    PROOF,
    Caller,
    browser_in_english,
    chooses_password,
    half_a_minute_passes,
    login_sms,
    password_link,
    policy_of,
)
from tests.factories import a_borrower
from tests.forms import sends
from tests.people import PASSWORD, dana, insured_browser, marat
from tests.queries import statements

pytestmark = pytest.mark.django_db


# ── The way ──────────────────────────────────────────────────────────────────
def test_from_the_number_to_the_cabinet() -> None:
    policy = a_borrower(phone=PHONE)
    caller = Caller()
    assert caller.client.get(DOOR)["Location"] == MOBILE
    assert caller.goes_in()["Location"] == "/"
    assert caller.is_signed_in
    user, access = User.objects.get(), Access.objects.get()
    assert (str(user.phone), user.email, user.phone_changed_at) == (PHONE, "", None)
    assert (access.user, access.person, access.scope) == (user, policy.insured, AccessScope.FULL)
    activation = Activation.objects.get()
    assert (activation.state, activation.proof, activation.phone) == (State.FINISHED, Proof.CONTACT_CODE, PHONE)
    assert has_consents(user, insurer=policy.insurer, codes=CODES, person=policy.insured)
    assert "Life insurance" in caller.client.get("/").text


def test_the_sms_carries_the_login_and_a_link_and_no_password() -> None:
    a_borrower(phone=PHONE)
    Caller().goes_in()
    assert list(Notice.objects.exclude(kind="phone_code").values_list("kind", "channel")) == [("login", "sms")]
    text = word(login_sms()).text
    assert PHONE in text
    assert password_link() in text
    assert not User.objects.get().has_usable_password()


def test_the_link_gives_a_password_once_and_number_and_password_sign_in() -> None:
    a_borrower(phone=PHONE)
    Caller().goes_in()
    path, elsewhere = password_link(), browser_in_english()
    assert elsewhere.get(path).status_code == 200
    assert chooses_password(elsewhere, path)["Location"] == "/accounts/login/"
    assert DEAD in chooses_password(elsewhere, path, "Kaktus 1951 gul").text
    assert elsewhere.get("/accounts/profile/").status_code == 302
    answer = elsewhere.post("/accounts/login/", {"login": "8 701 234 45 67", "password": PASSWORD})
    assert answer["Location"] == "/"
    assert [notice.to for notice in Notice.objects.filter(kind="password_changed")] == [PHONE]


def test_whoever_chooses_it_on_the_phone_that_opened_the_cabinet_stays_in() -> None:
    a_borrower(phone=PHONE)
    caller = Caller()
    caller.goes_in()
    assert chooses_password(caller.client, password_link())["Location"] == "/"
    assert "The password is saved" in caller.client.get("/").text
    assert caller.is_signed_in
    assert UserSession.objects.filter(session_key=caller.client.session.session_key).exists()


def test_a_link_of_somebody_else_leaves_the_own_cabinet_open_and_the_other_closed() -> None:
    a_borrower(phone=PHONE)
    Caller().goes_in()
    browser = insured_browser(dana())
    assert chooses_password(browser, password_link())["Location"] == "/"
    assert str(browser.session["_auth_user_id"]) == str(User.objects.get(email="dana@example.kz").pk)


def test_later_a_code_signs_in_too() -> None:
    a_borrower(phone=PHONE)
    Caller().goes_in()
    half_a_minute_passes()
    browser = Client()
    asks(browser)
    assert types(browser, sent_to(PHONE)[-1])["Location"] == "/"


def test_the_link_lives_72_hours(clock: Traveller) -> None:
    a_borrower(phone=PHONE)
    Caller().goes_in()
    clock.shift(timedelta(hours=72, seconds=-1))
    assert DEAD not in browser_in_english().get(password_link()).text
    clock.shift(timedelta(seconds=1))
    assert DEAD in browser_in_english().get(password_link()).text


@pytest.mark.parametrize("spoil", ["used", "password", "closed", "forged"])
def test_a_dead_link_says_so_and_shows_another_way(spoil: str) -> None:
    a_borrower(phone=PHONE)
    Caller().goes_in()
    path, user = password_link(), User.objects.get()
    if spoil == "used":
        OneTimeLink.objects.update(used_at=timezone.now())
    elif spoil == "password":
        user.set_password(PASSWORD)
        user.save()
    elif spoil == "closed":
        User.objects.update(is_active=False)
    else:
        path = f"{path[:-3]}x/"
    page = browser_in_english().get(path).text
    assert DEAD in page
    assert "/accounts/login/sms/" in page


def test_a_password_made_of_ones_own_data_is_refused_and_the_link_stays() -> None:
    a_borrower(phone=PHONE)
    Caller().goes_in()
    assert chooses_password(Client(), password_link(), "Sadykova1").status_code == 200
    assert not User.objects.get().has_usable_password()
    assert chooses_password(Client(), password_link()).status_code == 302


def test_a_profile_without_an_address_offers_to_add_one_and_it_works() -> None:
    a_borrower(phone=PHONE)
    caller = Caller()
    caller.goes_in()
    page = caller.client.get("/accounts/profile/").text
    assert "+7 701 234 4567" in page
    assert "Add an e-mail" in page
    assert "Choose a password" in page
    caller.client.post("/accounts/email/", {"action_add": "", "email": "new@example.kz"})
    link = Notice.objects.get(to="new@example.kz").context["url"].removeprefix("http://127.0.0.1:8000")
    caller.client.post(link)
    assert User.objects.get().email == "new@example.kz"
    for path in (
        "/accounts/email/",
        "/accounts/mobile/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/policies/consents/",
    ):
        assert caller.client.get(path).status_code == 200, path


def test_whoever_forgot_the_password_gets_a_new_one_by_sms() -> None:
    a_borrower(phone=PHONE)
    Caller().goes_in()
    half_a_minute_passes()
    browser = Client()
    sends_to = browser.post("/accounts/password/reset/", {"email": PHONE})
    assert sends_to["Location"] == "/accounts/password/reset/sms/"
    answer = types(browser, sent_to(PHONE)[-1], "/accounts/password/reset/sms/", follow=True)
    page = answer.request["PATH_INFO"]
    assert chooses_password(browser, page).status_code == 302
    assert User.objects.get().check_password(PASSWORD)


# ── Consents (TM-20) ─────────────────────────────────────────────────────────
@pytest.mark.parametrize("missing", list(BOTH))
def test_without_both_consents_there_is_no_account_and_the_page_says_why(missing: str) -> None:
    a_borrower(phone=PHONE)
    caller = Caller()
    caller.proves()
    caller.says()
    answer = caller.opens(consents={name: value for name, value in BOTH.items() if name != missing})
    assert "without them the cabinet cannot be opened" in answer.text
    assert "Without the tick at “Consent to" in answer.text
    assert not User.objects.exists()
    assert not ConsentAct.objects.exists()


def test_the_texts_stand_on_the_page_before_the_account_is_opened() -> None:
    a_borrower(phone=PHONE)
    caller = Caller(language="ru")
    caller.proves()
    caller.says()
    page = caller.client.get(ACCOUNT).text
    assert "Какие данные" in page
    assert "диагнозы" in page
    assert not re.search(r"<input[^>]*consent[^>]*checked", page)


def test_the_consents_name_the_language_in_which_they_were_read() -> None:
    a_borrower(phone=PHONE)
    Caller(language="kk").goes_in()
    assert set(ConsentAct.objects.values_list("language", "event")) == {("kk", "given")}


# ── Who is meant ─────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["САДЫКОВА АЙГУЛЬ", "Aigul Sadykova", "Айгуль Сериковна Садыкова"])
def test_names_are_compared_tolerantly(name: str) -> None:
    a_borrower(phone=PHONE)
    caller = Caller()
    caller.proves()
    assert caller.says(name)["Location"] == ACCOUNT


@pytest.mark.parametrize(("on_file", "number"), [(PHONE, "NL-1"), (OTHER, "NL-2")])
def test_of_two_with_one_name_and_birth_date_the_number_on_file_decides(on_file: str, number: str) -> None:
    a_borrower("NL-1", phone=PHONE)
    a_borrower("NL-2", phone=OTHER)
    Caller(on_file).goes_in()
    assert Activation.objects.get().policy.insured_id == number


@pytest.mark.parametrize("phones", [("", ""), (OTHER, ""), (OTHER, "+77770000000")])
def test_where_nothing_decides_nobody_gets_in(phones: tuple[str, str]) -> None:
    for number, phone in enumerate(phones):
        a_borrower(f"NL-{number}", phone=phone)
    caller = Caller()
    caller.proves()
    assert "darigeronline.kz" in caller.says().text
    assert Step.objects.latest("pk").kind == Verdict.REFUSED


def test_of_one_persons_policies_the_one_that_nobody_has_activated_is_found() -> None:
    first = a_borrower("NL-1", phone=PHONE)
    Caller().goes_in()
    second = a_borrower("NL-2", person=first.insured)
    caller = Caller()
    assert caller.proves()["Location"] == DOOR  # the number has an account: signed in by the way
    assert caller.is_signed_in
    assert caller.says()["Location"] == ACCOUNT
    caller.opens()
    assert Activation.objects.get(policy=second).user == User.objects.get()
    assert Notice.objects.latest("pk").kind == "login"  # there is no password yet, so the login once more


def test_people_of_other_programmes_are_not_on_this_list() -> None:
    policy = a_borrower(phone=PHONE)
    Policy.objects.filter(pk=policy.pk).update(product_version=a_borrower("NL-2", given_name="Бота").product_version)
    other = Product.objects.create(insurer=policy.insurer, code="other-life", position=9)
    version = ProductVersion.objects.create(product=other, number=1, digest="x", content=policy.product_version.content)
    Policy.objects.filter(pk=policy.pk).update(product_version=version)
    caller = Caller()
    caller.proves()
    assert caller.says().status_code == 200


# ── Proofs ───────────────────────────────────────────────────────────────────
def test_another_number_on_file_asks_for_the_second_proof_first() -> None:
    a_borrower(phone=OTHER)
    caller = Caller()
    caller.proves()
    assert caller.says()["Location"] == PROOF
    assert caller.client.get(ACCOUNT)["Location"] == PROOF
    sends(caller.client, f"{PROOF}codes/")
    code = Notice.objects.get(kind="proof_code", to=OTHER).context["code"]
    assert sends(caller.client, PROOF, {"answer": code})["Location"] == ACCOUNT
    caller.opens()
    assert str(User.objects.get().phone) == PHONE
    assert Access.objects.get().scope == AccessScope.FULL


def test_whoever_has_the_number_on_file_learns_of_a_binding_by_another_proof() -> None:
    policy = a_borrower(phone=OTHER)
    caller = Caller()
    caller.proves()
    caller.says()
    code = issue_code(policy=policy_of(policy), by=marat(), reason="the phone is lost", now=timezone.now())
    sends(caller.client, PROOF, {"answer": code})
    caller.opens()
    assert Notice.objects.get(kind="activated_notice_to_contact").to == OTHER


def test_without_a_contact_on_file_the_account_is_limited() -> None:
    a_borrower()
    Caller().goes_in()
    assert (Activation.objects.get().proof, Access.objects.get().scope) == (Proof.FACTS, AccessScope.LIMITED)


def test_after_an_undoing_the_number_alone_is_not_enough() -> None:
    a_borrower(phone=PHONE)
    Caller().goes_in()
    undo_activation(activation=Activation.objects.get(), by=marat(), reason="not her", now=timezone.now())
    assert Notice.objects.filter(kind="activation_undone").values_list("to", "channel").get() == (PHONE, "sms")
    caller = Caller()
    caller.proves()
    assert caller.says()["Location"] == PROOF


# ── What it costs ────────────────────────────────────────────────────────────
def test_the_facts_cost_four_statements_and_opening_the_cabinet_41() -> None:
    a_borrower(phone=PHONE)
    caller = Caller()
    caller.proves()
    with statements() as found:
        caller.says()
    with statements() as opened:
        caller.opens()
    assert len(found) <= 4, "\n".join(q[:110] for q in found)
    assert len(opened) <= 41, "\n".join(q[:110] for q in opened)
