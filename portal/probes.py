"""What machines ask: is this process alive, may it get visitors, how is it doing. Nothing here names a version or a person."""

import shutil
from collections.abc import Callable
from functools import cache as once_a_process
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from notices.queries import outbox_at
from portal.metrics import exposition

LATEST_OUTBOX = 600  # seconds that a message may be overdue before somebody looks
LEAST_ROOM = 0.1  # of each disk that holds files (security.md, F9)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing else: a process is not restarted because PostgreSQL is."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """503 while no page could be answered. `warnings` do not turn visitors away: they are for whoever is called."""
    missing = next(([name] for name, holds in NEEDED.items() if fails(holds)), [])  # those after it lean on it
    warnings = [] if missing else [name for name, holds in WISHED.items() if fails(holds)]
    facts = {"ready": not missing, "missing": missing, "warnings": warnings}
    return JsonResponse(facts, status=503 if missing else 200)


def fails(holds: Callable[[], bool]) -> bool:
    try:
        return not holds()
    except (DatabaseError, OSError):
        return True


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def migrations_are_applied() -> bool:
    return all_migrations() <= set(MigrationRecorder(connection).applied_migrations())


@once_a_process
def all_migrations() -> frozenset[tuple[str, str]]:
    """A process never gets newer ones."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or ())


def cache_answers() -> bool:
    """The table of allauth's limits: without it nobody signs in."""
    return cache.get("readyz") is None


def outbox_moves() -> bool:
    return outbox_at(timezone.now()).late_seconds < LATEST_OUTBOX


def has_room(place: str) -> bool:
    disk = shutil.disk_usage(storages[place].path(""))
    return disk.free >= disk.total * LEAST_ROOM


Questions = dict[str, Callable[[], bool]]
NEEDED: Questions = {"database": database_answers, "migrations": migrations_are_applied, "cache": cache_answers}
WISHED: Questions = {
    "outbox": outbox_moves,
    "originals": partial(has_room, "originals"),
    "derivatives": partial(has_room, "derivatives"),
}


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus' token alone, and never through the public host: what came through the proxy names its client."""
    token = settings.METRICS_TOKEN
    asked = request.headers.get("Authorization", "")
    if not token or "X-Forwarded-For" in request.headers or not constant_time_compare(asked, f"Bearer {token}"):
        raise Http404
    return HttpResponse(exposition(timezone.now()), content_type=CONTENT_TYPE_LATEST)
