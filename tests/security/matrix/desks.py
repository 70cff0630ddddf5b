"""What doctors have written and patients have said, in every household. Aigul's doctor is one, the child's another."""

import hashlib
from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from core.models import Upload
from core.uploads.rules import Collection
from core.uploads.rules import State as Checked
from policies.models import Insurer, Policy
from telemed.models import (
    Absence,
    Conclusion,
    ConclusionDocument,
    Consultation,
    Doctor,
    Hours,
    Phrase,
    QualityClaim,
    Rating,
)
from telemed.rules import Outcome, State
from tests.telemed.factories import a_consultation, a_doctor


def a_desk(user: User, insurer: Insurer, slug: str, mark: str) -> Doctor:
    """With hours, an absence and a phrase. `mark` stands in what is only this doctor's."""
    doctor = Doctor.objects.filter(user=user).first() or a_doctor(user, insurer=insurer, slug=slug)
    now = timezone.now()
    Hours.objects.create(
        doctor=doctor, weekday=0, opens=540, closes=600, services=["planned_gp"], since=date(2026, 1, 1)
    )
    Absence.objects.create(doctor=doctor, starts_at=now + timedelta(days=9), ends_at=now + timedelta(days=10))
    Phrase.objects.create(user=user, language="ru", text=f"Фраза {mark}")
    return doctor


def keys_of_desk(doctor: Doctor) -> dict[str, Any]:
    phrase = Phrase.objects.get(user=doctor.user)
    return {
        "doctor": doctor.slug,
        "hours": Hours.objects.get(doctor=doctor).pk,
        "absence": Absence.objects.get(doctor=doctor).pk,
        "phrase": phrase.pk,
    }


def keys_of_talks(user: User, policy: Policy, doctor: Doctor, mark: str) -> dict[str, Any]:
    """A talk whose conclusion is owed, an earlier one with its conclusion, one about which quality is claimed, and one that
    was paid for and called off."""
    now = timezone.now()
    talk = a_consultation(user, policy, State.TALKED, doctor=doctor, ended_at=now, complaint=f"Жалоба {mark}")
    rendered = {"doctor": doctor, "ended_at": now, "rendered_at": now}
    held = a_consultation(user, policy, State.CONCLUDED, **rendered)
    conclude(held, mark)
    Rating.objects.create(consultation=held, stars=4, words=f"Слова {mark}", by=user, at=now)
    disputed = a_consultation(user, policy, State.DISPUTED, **rendered)
    claim = QualityClaim.objects.create(consultation=disputed, by=user, text=f"Претензия {mark}", at=now)
    owed = a_consultation(
        user, policy, State.CANCELLED, ended_at=now, price=5000, payment_reference=f"Kaspi {mark}"[:60]
    )
    return {
        "talk": talk.public_id,
        "talk's file": f"{talk.public_id}/{a_file(talk.files, user, mark).public_id}",
        "talk's speciality": f"{talk.public_id}/cardiologist",
        "earlier conclusion": f"{talk.public_id}/{held.public_id}",
        "held": held.public_id,
        "conclusion": f"{held.public_id}/ru",
        "claim": claim.public_id,
        "owed consultation": owed.public_id,
    }


def a_file(collection: Collection, user: User, mark: str) -> Upload:
    """Accepted; `mark` stands in its name and in it."""
    content, now = mark.encode(), timezone.now()
    upload = Upload(
        scope=collection.scope, collection=collection.key, owner=user, name=f"{mark}.pdf", size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), state=Checked.CLEAN, kind="pdf", decided_at=now, kept_at=now,
    )  # fmt: skip
    upload.original.save("", ContentFile(content), save=False)
    upload.derivative.save("", ContentFile(content), save=False)
    upload.save()
    return upload


def conclude(held: Consultation, mark: str) -> None:
    assert held.doctor
    conclusion = Conclusion.objects.create(
        consultation=held, doctor=held.doctor, heard=f"Рассказ {mark}", methods=f"Совет {mark}", outcome=Outcome.ADVISED
    )
    content = mark.encode()
    ConclusionDocument.objects.create(
        conclusion=conclusion, language="ru", facts={}, next_try_at=timezone.now(), made_at=timezone.now(),
        file=ContentFile(content, name="conclusion"), sha256=hashlib.sha256(content).hexdigest(), size=len(content),
    )  # fmt: skip
