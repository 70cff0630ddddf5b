"""The least that Django does for a guest's notice: one view, the ORM, the same rows.

It words no letter (a fixed text stands in its row), judges no field and no term, knows no calendar, no personal checklist,
no language, no insurer of the host, no page for what was wrong, and no CSRF token.
"""

import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone

from accounts.models import GuestAccess
from claims.models import Claim, Item, Letter, LetterPaper, Step
from claims.rules.checklists import CHECKLISTS
from claims.rules.events import InsuredEvent
from claims.views.guest import CONTACT_COOKIE
from core.models import AuditEvent, Limit, SentForm
from core.rows.viewers import working
from core.rows.walls import HOUSE
from notices.models import Notice
from policies.models import Insurer

DAY, HOUR, SEEN_FOR = timedelta(days=1), timedelta(hours=1), timedelta(days=90)
SUBJECT, BODY = "Заявление зарегистрировано", "Мы получили ваше сообщение. " * 60
BRAND = {"name": "Страховщик", "phone": "+7 727", "hours": "", "url": "https://example.kz"}


def notice(request: HttpRequest, insurer: str) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse()
    told, now = request.POST, timezone.now()
    contact = str(request.get_signed_cookie(CONTACT_COOKIE, salt=CONTACT_COOKIE))
    found = Insurer.objects.get(slug=insurer)
    with working(HOUSE), transaction.atomic():  # the wall is told who looks, once
        SentForm.objects.create(key=told["form_token"][:40], path=request.path, sent_at=now)
        count_notice(contact, request.headers["X-Forwarded-For"], now)
        claim = register(found, told, contact, now)
        key = secrets.token_urlsafe(32)
        access = open_case(claim, contact, key, now)
        answer = HttpResponseRedirect(f"/claims/cases/{claim.public_id}/")
        answer.set_signed_cookie(f"guest-{claim.public_id}", key, salt="guest", expires=access.until, httponly=True)
    return answer


def count_notice(contact: str, source: str, now: datetime) -> None:
    Limit.objects.bulk_create(
        (
            Limit(key=f"claims:notice:{name}", spent=1, ceiling=most, started_at=now, ends_at=now + window)
            for name, most, window in ((f"contact:{contact}", 5, DAY), (f"source:{source}", 30, HOUR))
        ),
        ignore_conflicts=True,
    )


def register(insurer: Insurer, told: Any, contact: str, now: datetime) -> Claim:
    today = insurer.today(now)
    claim = Claim.objects.create(
        insurer=insurer, by_guest=True, event=told["event"], event_on=day(told, "event_on"), country=told["country"],
        place=told["place"], story=told["story"], by_inheritance=told["by_inheritance"] == "yes",
        told_surname=told["surname"], told_given_name=told["given_name"], told_born_on=day(told, "born_on"),
        role=told["role"], claimant_name=told["name"], email=contact, language="ru", notified_at=now, notified_on=today,
    )  # fmt: skip
    Step.objects.create(claim=claim, part="claim", event="notify", state="notified", actor="claimant", at=now, on=today)
    Item.objects.bulk_create(
        Item(
            claim=claim,
            position=place,
            code=one.code,
            form=one.form,
            giver=one.giver,
            clause=one.clause,
            asked_on=today,
        )
        for place, one in enumerate(CHECKLISTS[InsuredEvent(claim.event)])
    )
    context = {
        "subject": SUBJECT,
        "body": BODY,
        "number": claim.number_shown,
        "url": "https://example.kz",
        "brand": BRAND,
    }
    sent = Notice.objects.create(
        kind="claim_letter", channel="email", to=contact, language="ru", context=context, scope=insurer.slug
    )
    letter = Letter.objects.create(
        claim=claim, kind="registered", language="ru", subject=SUBJECT, body=BODY, channel="email", to=contact,
        notice=sent, at=now,
    )  # fmt: skip
    facts = {"subject": SUBJECT, "body": BODY, "reader": claim.claimant_name, "to": contact}
    LetterPaper.objects.create(letter=letter, facts=facts, next_try_at=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('live', %s)", [str(claim.public_id)])
    return claim


def open_case(claim: Claim, contact: str, key: str, now: datetime) -> GuestAccess:
    access = GuestAccess.objects.create(
        purpose="claims:case", subject=claim.public_id, about=claim.number_shown, channel="email", contact=contact,
        language="ru", brand=BRAND, scope=claim.insurer.slug, key_hash=digest(f"{uuid4()}"), browser_hash=digest(key),
        given_at=now, opened_at=now, until=now + SEEN_FOR,
    )  # fmt: skip
    AuditEvent.objects.create(
        verb="a guest opened a page with a code", object_type="accounts.guestaccess", object_id=str(access.pk), at=now,
        scope=access.scope, detail={"page": access.purpose, "subject": str(access.subject)},
    )  # fmt: skip
    return access


def day(told: Any, name: str) -> date:
    return date(*(int(told[f"{name}_{box}"]) for box in (2, 1, 0)))


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


urlpatterns = [path("claims/guests/<slug:insurer>/notice/", notice)]
