"""What Prometheus reads: how requests go, and from PostgreSQL whether messages leave, registers are read, somebody guesses.

Several web processes of one machine share a folder of counters (PROMETHEUS_MULTIPROC_DIR, emptied at the start).
Workers have none: what they do is a row, and is counted here.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from activation.queries import finished_activations, open_activations, open_breakers
from core.uploads.queries import uploads_to_check
from notices.queries import outbox_at
from policies.queries import documents_wanted, registers_at_work
from telemed.queries.after import conclusions_wanted

REQUESTS = Histogram(
    "portal_request_seconds", "Time to answer a request",
    ["method", "route", "status"], buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
FRESH = 300  # seconds: how old the one number may be that takes long to count
METHODS = {"GET", "HEAD", "POST"}  # anybody may invent others


def count_request(*, method: str, route: str, status: int, seconds: float) -> None:
    REQUESTS.labels(method if method in METHODS else "other", route, str(status)).observe(seconds)


def exposition(now: datetime) -> bytes:
    """Prometheus' text format. Ten statements, each along an index that holds little more than what it counts."""
    database = CollectorRegistry(auto_describe=False)
    database.register(DatabaseCollector(now))
    return generate_latest(of_all_processes()) + generate_latest(database)


def of_all_processes() -> CollectorRegistry:
    folder = settings.METRICS_DIR
    if not folder:
        return REGISTRY
    for pid in {file.stem.rpartition("_")[2] for file in Path(folder).glob("gauge_live*.db")}:
        if not Path("/proc", pid).exists():
            mark_process_dead(int(pid), folder)  # type: ignore[no-untyped-call]  # what it waited for died with it
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    return registry


class DatabaseCollector(Collector):
    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        outbox = outbox_at(self.now)
        yield gauge("portal_outbox_waiting", "Messages that have not left yet", outbox.waiting)
        yield gauge("portal_outbox_late_seconds", "How long the most overdue message has been due", outbox.late_seconds)
        yield gauge("portal_outbox_parked", "Messages that a person has to look at", outbox.parked)
        yield by_label(
            "portal_registers_at_work", "Registers that a worker has or should take", "state", registers_at_work()
        )
        wanted = documents_wanted() + conclusions_wanted()
        yield gauge("portal_documents_wanted", "Documents that have not been made yet", wanted)
        yield gauge("portal_uploads_to_check", "Sent files that are being checked", uploads_to_check())
        finished: Any = cache.get_or_set("finished_activations", finished_activations, FRESH)
        activations = {**open_activations(), "finished": finished}
        yield by_label("portal_activations", "Activations under way and finished", "state", activations)
        breakers = open_breakers(now=self.now)
        yield by_label(
            "portal_breaker_open", "1: somebody guesses IDs, so a second proof is asked", "insurer", breakers
        )


def gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def by_label(name: str, words: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
