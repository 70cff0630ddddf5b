"""The pages of a call on a phone: nothing that axe finds, nothing that scrolls sideways, in Russian and in Kazakh."""

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from accounts.models import User
from telemed.models import Consultation
from telemed.rules import Channel
from telemed.services import talk
from tests.journeys.judge import overhang, violations
from tests.people import insured_browser, staff_browser
from tests.talks.house import Node, Person

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.mark.long
@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_page_of_a_call_is_whole_on_a_phone(
    browsers: list[Browser], node: Node, waiting: Consultation, patient: User, doctor: User, language: str
) -> None:
    one = Person(browsers[0], insured_browser(patient), node.address, language=language)
    other = Person(browsers[0], staff_browser(doctor), node.address, language=language)
    assert waiting.doctor
    own, desk = waiting.get_absolute_url(), f"/desk/consultations/{waiting.public_id}/"
    judge(one, "/doctor/check/", f"{own}message/")
    talk.call(consultation=waiting, doctor=waiting.doctor, now=timezone.now())
    judge(one, own)
    judge(other, desk)
    talk.answer(consultation=waiting, channel=Channel.VIDEO, by=patient, now=timezone.now())
    judge(one, own)
    judge(other, desk)
    assert one.leaves() + other.leaves() == []


def judge(person: Person, *pages: str) -> None:
    for address in pages:
        person.page.goto(address)
        assert violations(person.page) == "", address
        person.page.set_viewport_size({"width": 320, "height": 700})
        assert overhang(person.page) == 0, address
        person.page.set_viewport_size({"width": 390, "height": 844})
        person.page.goto("about:blank")  # where it listens, it would load itself anew while it is told to
