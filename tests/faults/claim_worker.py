"""One act about a claim, as a web process does it; the test kills it on its way."""

import sys
from typing import Any

import django
from django.conf import settings


def main(act: str) -> None:
    # As the test has it: nobody ran collectstatic.
    settings.STORAGES = {
        **settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }  # fmt: skip
    django.setup()
    from core.rows.viewers import working
    from core.rows.walls import HOUSE

    with working(HOUSE):
        act_of(act)()


def act_of(name: str) -> Any:
    from tests.faults import claim_acts

    return getattr(claim_acts, name)


if __name__ == "__main__":
    main(sys.argv[1])
