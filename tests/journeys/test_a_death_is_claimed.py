"""A death claimed by an heir without an account: told with a code, registered at once, documents and application sent from a
telephone, the bank's letter by the bank itself, and the same case on another device by its number."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from claims.models import Claim
from claims.rules.life import ItemState, State
from core.uploads.checking import check_next_upload
from tests.claims.browsing import BANK, RAUSHAN
from tests.core.uploads.conftest import disk
from tests.core.uploads.pictures import png
from tests.core.uploads.sending import Disk
from tests.factories import an_insurer
from tests.journeys.conftest import Come
from tests.journeys.judge import overhang, violations
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor
from tests.journeys.words import says

__all__ = ["disk"]  # the fixture: where the files lie
IBAN = "KZ86 125K ZT50 0410 0100"


@pytest.fixture
def scan(tmp_path: Path, disk: Disk) -> Path:
    path = tmp_path / "certificate.png"
    path.write_bytes(png())
    return path


def is_sound(visitor: Visitor) -> Visitor:
    assert not violations(visitor.page, colours=False)
    assert not overhang(visitor.page)
    return visitor


def fills(visitor: Visitor, **answers: str) -> Visitor:
    """Boxes by the names of their fields: the labels of two dates are the same."""
    for name, text in answers.items():
        visitor.main.locator(f"[name={name}]").fill(text)
    return visitor


def picks(visitor: Visitor, **answers: str) -> Visitor:
    for name, value in answers.items():
        visitor.main.locator(f"[name={name}][value={value}]").check()
    return visitor


def comes_to_the_form(visitor: Visitor, post: Post) -> Visitor:
    visitor.opens("/").follows("Tell of an insured event").is_at("Tell of an insured event")
    is_sound(visitor).follows("Tell without an account").is_at("Where can we reach you?")
    is_sound(visitor).types(RAUSHAN, into="E-mail or mobile number").presses("Send the code").is_at("Type the code")
    is_sound(visitor).types(post.code_in_letter_to(RAUSHAN), into="Code from our message").presses("Continue")
    return is_sound(visitor.is_at("What happened, and to whom?"))


def tells(visitor: Visitor) -> Claim:
    picks(visitor, event="death", by_inheritance="yes", role="heir")
    fills(visitor, event_on_0="10", event_on_1="11", event_on_2="2026", surname="Ахметов", given_name="Серик")
    fills(visitor, born_on_0="14", born_on_1="03", born_on_2="1961", name="Ахметова Раушан", place="Алматы")
    visitor.presses("Register")
    expect(visitor.main.locator("#needed")).to_be_visible()
    return Claim.objects.get()


def sends(visitor: Visitor, scan: Path, button: str) -> Visitor:
    """The script has sent the file before the form leaves."""
    visitor.page.locator("#id_attachments").set_input_files(scan)
    expect(visitor.page.locator("[data-received] li")).to_have_count(1)
    return picks(visitor, language="ru").presses(button)


def applies(visitor: Visitor) -> Visitor:
    visitor.follows("The application").is_at("Application for the payout")
    fills(is_sound(visitor), address="Алматы, Абая 1", phone="+77012345678", **{"payee-0-iban": IBAN})
    visitor.main.locator("[name=consent_claim_data]").check()
    return visitor.presses("Send the application").reads("The application is with us.")


def test_an_heir_without_an_account_claims_a_death(come: Come, post: Post, scan: Path) -> None:
    an_insurer("nomad-life")
    raushan = come()
    claim = tells(comes_to_the_form(raushan, post))
    raushan.is_at("Claim %(number)s", number=claim.number_shown)
    is_sound(raushan).reads_text("10.1")
    raushan.follows_text(says("Death certificate, or the notice of death from eGov.kz"))
    sends(is_sound(raushan), scan, "Send for checking").reads(
        "“%(document)s” is with us.", document=name_of(claim, "D2")
    )
    applies(raushan)
    check_next_upload(now=timezone.now())
    claim.refresh_from_db()
    assert (claim.state, claim.items.get(code="D2").state) == (State.CHECKING, ItemState.UPLOADED)

    raushan.follows_text(says("The bank’s letter on the principal owed on the day of death")).follows(
        "Give the bank a link"
    )
    is_sound(raushan).types("Банк", into="Which bank?").types(
        BANK, into="E-mail or mobile number of the bank’s officer"
    )
    raushan.presses("Send the link").reads("The link is on its way. You will see here when the letter has come.")
    officer = come()
    officer.opens(post.link_to(BANK)).presses("Send me the code")
    officer.types(post.code_in_letter_to(BANK), into="Code from our message").presses("Continue")
    is_sound(officer)
    sends(officer, scan, "Send the letter").reads("The letter is with us. Thank you.")
    assert claim.items.get(code="D1b").state == ItemState.UPLOADED


def name_of(claim: Claim, code: str) -> str:
    return claim.items.get(code=code).name


def test_the_same_case_opens_on_another_device(come: Come, post: Post) -> None:
    an_insurer("nomad-life")
    raushan = come()
    claim = tells(comes_to_the_form(raushan, post))
    raushan.presses("Finish").is_at("You have finished")
    telephone = come()
    telephone.opens("/claims/").follows("Open my claim").is_at("Open my claim")
    is_sound(telephone).types(
        claim.number_shown[:-1] + str((int(claim.number_shown[-1]) + 1) % 10), into="Number of the claim"
    )
    telephone.types(RAUSHAN, into="E-mail or mobile number").presses("Send the code")
    telephone.reads("This is no number of a claim: compare each digit with our letter")
