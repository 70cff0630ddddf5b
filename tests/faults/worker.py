"""The product's Celery application, with stops."""

from typing import Any

from celery.signals import task_prerun

from portal.celery import app
from tests.faults import stops

__all__ = ["app"]
stops.install()


@task_prerun.connect(weak=False)
def begin(task: Any, **kwargs: Any) -> None:
    stops.work_on(task.name)
