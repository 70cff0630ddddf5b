"""The product's WSGI application, with stops."""

from collections.abc import Iterable
from typing import Any

from portal.wsgi import application as product
from tests.faults import stops

stops.install()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    stops.work_on(environ["PATH_INFO"])
    answer: Iterable[bytes] = product(environ, start_response)
    stops.before_response()
    return answer
