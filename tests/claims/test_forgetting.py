"""Papers of a claim are taken away when nothing has happened to it for as long as the operator keeps them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone
from pytest_django.fixtures import Settings as SettingsWrapper

from claims.models import Application, Claim, LetterPaper, Page, Step
from claims.rules.letters import LetterKind
from claims.rules.life import Actor, Event, State
from claims.services.clock import wind
from claims.services.letters import write_letter
from claims.services.life import move
from claims.tasks import forget_claims, make_papers
from core.models import AuditEvent, Upload
from core.uploads.services import forget_uploads
from tests.claims.desk import a_case, applied
from tests.claims.factories import NOW
from tests.factories import TODAY
from tests.policies.conftest import originals
from tests.security.claim_rows import a_file

__all__ = ["originals"]
pytestmark = [pytest.mark.django_db(transaction=False), pytest.mark.usefixtures("originals")]
YEARS = 5
LAST_KEPT = date(TODAY.year + YEARS, TODAY.month, TODAY.day)


@pytest.fixture(autouse=True)
def clock(settings: SettingsWrapper) -> Iterator[time_machine.Traveller]:
    settings.CLAIMS_KEPT_YEARS = YEARS
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def claim() -> Claim:
    """Told, delivered, and withdrawn on the same day: nothing is to be done about it."""
    claim = a_case(story="Секрет")
    applied(claim)
    item = claim.items.get(code="I5")
    upload = a_file(item, claim.claimant)
    upload.state, upload.kind, upload.decided_at, upload.kept_at = "clean", "pdf", NOW, NOW
    upload.derivative.save("", ContentFile(b"x"), save=False)
    upload.save()
    Page.objects.create(item=item, upload=upload, language="ru", sent_on=TODAY)
    write_letter(claim=claim, kind=LetterKind.WITHDRAWN, now=NOW)
    make_papers()
    move(claim=claim, event=Event.WITHDRAW, actor=Actor.CLAIMANT, by=claim.claimant, now=NOW)
    wind(claim, now=NOW)
    assert not claim.is_open
    return claim


def noon_of(day: date) -> datetime:
    return NOW + (day - TODAY)


def test_on_the_last_day_of_the_term_it_is_kept(claim: Claim, clock: time_machine.Traveller) -> None:
    clock.move_to(noon_of(LAST_KEPT))
    forget_claims()
    claim.refresh_from_db()
    assert (claim.forgotten_at, claim.story, Page.objects.count()) == (None, "Секрет", 1)


def test_the_day_after_papers_and_people_are_gone_and_the_evidence_stays(
    claim: Claim, clock: time_machine.Traveller, django_capture_on_commit_callbacks: Any
) -> None:
    clock.move_to(noon_of(LAST_KEPT + timedelta(days=1)))
    paper = LetterPaper.objects.get()
    name, storage = str(paper.file.name), paper.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        forget_claims()
    claim.refresh_from_db()
    assert claim.forgotten_at == timezone.now()
    assert (claim.story, claim.claimant_name, claim.email, claim.phone) == ("", "", "", "")
    assert not Application.objects.exists()
    assert not Page.objects.exists()
    assert not LetterPaper.objects.exists()
    assert not storage.exists(name)
    assert set(claim.payees.values_list("name", "iin", "iban")) == {("", "", "")}
    assert (Step.objects.filter(claim=claim).count(), claim.letters.count()) == (1, 1)
    assert AuditEvent.objects.get(verb="forgot the papers of a claim").detail["files"] == 1
    original = str(Upload.objects.get().original.name)
    forget_uploads(now=timezone.now())
    assert not Upload._meta.get_field("original").storage.exists(original)


def test_twice_is_once(claim: Claim, clock: time_machine.Traveller) -> None:
    clock.move_to(noon_of(LAST_KEPT + timedelta(days=1)))
    forget_claims()
    forget_claims()
    assert AuditEvent.objects.filter(verb="forgot the papers of a claim").count() == 1


def test_what_is_still_open_is_kept_however_old(claim: Claim, clock: time_machine.Traveller) -> None:
    Claim.objects.update(is_open=True, state=State.CHECKING)
    clock.move_to(noon_of(LAST_KEPT + timedelta(days=999)))
    forget_claims()
    assert Page.objects.exists()


def test_a_later_step_begins_the_term_anew(claim: Claim, clock: time_machine.Traveller) -> None:
    later = TODAY + timedelta(days=30)
    Step.objects.create(claim=claim, part="claim", event="deliver", state="set_aside", actor="claimant", on=later)
    clock.move_to(noon_of(LAST_KEPT + timedelta(days=1)))
    forget_claims()
    assert Page.objects.exists()


def test_without_a_term_nothing_is_ever_taken_away(
    claim: Claim, clock: time_machine.Traveller, settings: SettingsWrapper
) -> None:
    settings.CLAIMS_KEPT_YEARS = 0
    clock.move_to(noon_of(date(2126, 11, 21)))
    forget_claims()
    assert Page.objects.exists()
