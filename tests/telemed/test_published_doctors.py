"""Organisations and doctors from a data file: published, published again, and refused whole."""

from datetime import timedelta
from pathlib import Path

import pytest

from accounts.models import User
from dev.places import ROOT
from policies.rules import Service
from telemed.models import Doctor, Hours, MedicalOrganisation
from telemed.services.doctors import publish_doctors
from tests.factories import an_insurer
from tests.telemed.factories import NOW

pytestmark = pytest.mark.django_db
DEMO = ROOT / "dev/doctors.toml"


def test_the_demos_doctors_have_accounts_hours_and_an_insurer() -> None:
    insurer = an_insurer()
    published = publish_doctors(path=DEMO, now=NOW)
    assert [doctor.surname for doctor in published] == ["Темирбекова", "Сейітқали", "Оспанов"]
    assert Doctor.objects.of_insurer(insurer).consulting().filter(takes_duty=True).count() == 2
    assert all(doctor.user and doctor.user.is_staff and not doctor.user.is_superuser for doctor in published)
    cardiologist = Hours.objects.filter(doctor=published[2])
    assert cardiologist.count() == 7
    assert cardiologist[0].services == [Service.SPECIALIST, Service.SECOND_OPINION]


def test_publishing_again_changes_nothing_and_whoever_is_gone_works_there_no_more(tmp_path: Path) -> None:
    publish_doctors(path=DEMO, now=NOW)
    publish_doctors(path=DEMO, now=NOW + timedelta(days=40))
    assert (Doctor.objects.count(), User.objects.count(), Hours.objects.count()) == (3, 3, 17)
    shorter = tmp_path / "shorter.toml"
    shorter.write_text(DEMO.read_text().rpartition("[[doctors]]")[0])
    publish_doctors(path=shorter, now=NOW)
    assert list(Doctor.objects.filter(is_active=False).values_list("slug", flat=True)) == ["ospanov"]


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ('slug = "temirbekova"', ""),
        ('email = "oksana@example.kz"', ""),
        ('slug = "dariger"', ""),
        ("qualification = {kk", "qualifies = {kk"),
        ('ru = "Карагандинский медицинский университет"', 'ru = ""'),
        ('languages = ["ru", "kk"]', 'languages = ["ru", "de"]'),
    ],
)
def test_a_file_that_lacks_a_fact_publishes_nobody(tmp_path: Path, found: str, written: str) -> None:
    file = tmp_path / "broken.toml"
    text = DEMO.read_text()
    assert found in text
    file.write_text(text.replace(found, written))
    with pytest.raises((KeyError, ValueError)):
        publish_doctors(path=file, now=NOW)
    assert not Doctor.objects.exists()
    assert not MedicalOrganisation.objects.exists()
