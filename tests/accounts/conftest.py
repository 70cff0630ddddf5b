from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from django.db import connections


class Letter(NamedTuple):
    kind: str
    to: str
    language: str
    context: dict[str, Any]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        call_command("createcachetable", database="owner", verbosity=0)
        with connections["owner"].cursor() as cursor:
            cursor.execute("GRANT ALL ON core_cache TO web")


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[Letter]:
    from notices import services

    services.SENT.clear()

    class L(list):
        pass

    class View:
        def __iter__(self):
            return iter([Letter(*x) for x in services.SENT])

        def __len__(self):
            return len(services.SENT)

        def __getitem__(self, i):
            return [Letter(*x) for x in services.SENT][i]

        def clear(self):
            services.SENT.clear()

    return View()
