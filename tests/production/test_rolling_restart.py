"""Two real nodes behind the real nginx are restarted while people use them: nobody notices (security.md, F17)."""

import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPException
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from activation.models import Step
from dev import processes
from dev.places import DEBIAN, ROOT
from tests.conftest import connect
from tests.factories import a_policy
from tests.production.front import Front, nginx_in_front

pytestmark = [pytest.mark.long, pytest.mark.django_db(databases=["default", "owner"], transaction=True)]

PATIENCE = 60.0  # seconds
PEOPLE = 6
DOOR = "/activate/sphera/"


class House:
    """nginx and the nodes; `restart` is what an upgrade does to one of them."""

    def __init__(self, front: Front, stack: ExitStack) -> None:
        self.front = front
        self.nodes: dict[str, processes.Child] = {}
        for number in ("1", "2"):
            self.open(number)
            stack.callback(self.end, number)
        self.wait_for(*self.nodes)

    def open(self, number: str) -> None:
        self.nodes[number] = processes.start(
            f"web-{number}", [ROOT / "deploy/run", "web", number], state=self.front.folder, own_session=True,
            environment=environment(self.front),
        )  # fmt: skip

    def wait_for(self, *numbers: str) -> None:
        for number in numbers:
            processes.wait_until(partial(self.is_ready, number), self.nodes[number], PATIENCE)

    def is_ready(self, number: str) -> bool:
        return self.front.asks_plainly(self.front.probes, f"/web-{number}/readyz")[0].status == 200

    def end(self, number: str) -> None:
        self.nodes[number].end()

    def restart(self, number: str) -> None:
        self.end(number)
        self.open(number)
        self.wait_for(number)

    def kill(self, number: str) -> None:
        os.killpg(self.nodes[number].process.pid, signal.SIGKILL)
        self.nodes[number].process.wait()


# The last one is the browser's journeys': a node that finds it does not start.
NOT_IN_PRODUCTION = {"OWNER_DATABASE_URL", "DEMO", "DJANGO_ALLOW_ASYNC_UNSAFE"}


def environment(front: Front) -> dict[str, str]:
    web = settings.DATABASES["default"]
    return {
        **{name: value for name, value in os.environ.items() if name not in NOT_IN_PRODUCTION},
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], str(DEBIAN / "usr/bin")]),
        "DATABASE_URL": f"postgres://{web['USER']}:{web['PASSWORD']}@{web['HOST']}:{web['PORT'] or 5432}"
        f"/{connections['default'].settings_dict['NAME']}",
        "PUBLIC_URL": f"https://localhost:{front.secure}",
        "ALLOWED_HOSTS": "localhost",
        "TRUSTED_PROXY_COUNT": "1",
        "SOCKETS": str(front.sockets),
        "STATIC_ROOT": str(front.folder / "static"),
        "ORIGINALS_DIR": str(front.folder),
        "SECRET_KEY": secrets.token_hex(32),
        "REDIS_URL": "redis://127.0.0.1:6379/0",  # a web node asks nothing of it here
        "PORTAL_PHONE": "+7 (727) 258-18-00",
        "WEB_WORKERS": "1",
        "WEB_THREADS": str(PEOPLE * 2),
    }


@pytest.fixture
def house(database: str) -> Iterator[House]:
    a_policy()
    with nginx_in_front() as front, ExitStack() as stack:
        collect_static(front)
        yield House(front, stack)


def collect_static(front: Front) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"],
        cwd=ROOT, env=environment(front), check=True,
    )  # fmt: skip


class Visitor:
    """Posts the form of the door, as a browser does: with the cookie and the token of its page."""

    def __init__(self, front: Front) -> None:
        self.front = front
        answer, page = front.asks("GET", DOOR)
        self.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, page
        self.token = token[1].decode()

    def looks(self) -> int:
        return self.front.asks("GET", "/help/")[0].status

    def posts(self, insured_id: str) -> int:
        form = (
            f"csrfmiddlewaretoken={self.token}&insured_id={insured_id}&birth_date_0=1&birth_date_1=2&birth_date_2=1960"
        )
        origin = f"https://localhost:{self.front.secure}"
        answer, _ = self.front.asks(
            "POST", DOOR, form.encode(), Cookie=self.cookie, Origin=origin,
            Content_Type="application/x-www-form-urlencoded",
        )  # fmt: skip
        return answer.status


class Crowd:
    """People who look and post without a pause until `stop`; what they got is counted by act and status."""

    def __init__(self, front: Front, *, looks: bool = True, posts_each: int | None = None) -> None:
        self.front, self.looks, self.posts_each = front, looks, posts_each
        self.got: Counter[tuple[str, int | str]] = Counter()
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.come, args=(number,)) for number in range(PEOPLE)]
        for thread in self.threads:
            thread.start()

    def come(self, person: int) -> None:
        visitor = Visitor(self.front)
        posts = 0
        while not self.over.is_set() and posts != self.posts_each:
            posts += 1
            self.note("post", lambda: visitor.posts(f"{person}{posts:06}"))  # noqa: B023  called at once
            if self.looks:
                self.note("look", visitor.looks)

    def note(self, act: str, do: Callable[[], int]) -> None:
        try:
            self.got[act, do()] += 1
        except (OSError, HTTPException) as error:
            self.got[act, type(error).__name__] += 1

    def stop(self) -> Counter[tuple[str, int | str]]:
        self.over.set()
        return self.wait()

    def wait(self) -> Counter[tuple[str, int | str]]:
        for thread in self.threads:
            thread.join(PATIENCE)
        return self.got


def test_two_rolling_restarts_under_load_fail_nobody_and_double_nothing(house: House) -> None:
    crowd = Crowd(house.front)
    for number in ("1", "2", "1", "2"):
        house.restart(number)
    got = crowd.stop()
    assert set(got) == {("look", 200), ("post", 200)}, got
    assert got["post", 200] > 50, got
    assert Step.objects.count() == got["post", 200]


@contextmanager
def all_posts_waiting(database: str, crowd: Callable[[], Crowd]) -> Iterator[Crowd]:
    """Every person's post has reached a node and waits there for a row of the limits, until the block ends."""
    with connect("owner", database) as owner, owner.transaction():
        owner.execute("LOCK TABLE core_limit IN ACCESS EXCLUSIVE MODE")
        people = crowd()
        wait_for_waiting(owner, PEOPLE)
        yield people


def wait_for_waiting(owner: psycopg.Connection[tuple[int]], wanted: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        found = owner.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND database IS NOT NULL").fetchone()
        if found and found[0] >= wanted:
            return
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def one_post_each(house: House) -> Callable[[], Crowd]:
    return lambda: Crowd(house.front, looks=False, posts_each=1)


def test_what_has_begun_on_a_node_that_ends_is_finished(house: House, database: str) -> None:
    with all_posts_waiting(database, one_post_each(house)) as crowd:
        house.nodes["1"].process.send_signal(signal.SIGTERM)
        name = house.front.sockets / "web-1.sock"
        processes.wait_until(lambda: not name.exists(), house.nodes["1"], PATIENCE)
    assert crowd.wait() == {("post", 200): PEOPLE}
    assert Step.objects.count() == PEOPLE


def test_what_has_begun_on_a_node_that_is_killed_fails_and_is_not_sent_twice(house: House, database: str) -> None:
    """The control: without the graceful end people do notice."""
    with all_posts_waiting(database, one_post_each(house)) as crowd:
        house.kill("1")
    got = crowd.wait()
    assert got["post", 503] >= 1, got
    assert got["post", 200] + got["post", 503] == PEOPLE
    assert Step.objects.count() <= PEOPLE


def test_the_sockets_are_for_whoever_may_enter_their_folder(house: House) -> None:
    modes = {socket.name: socket.stat().st_mode & 0o777 for socket in house.front.sockets.glob("*.sock")}
    assert modes == {"web-1.sock": 0o666, "web-2.sock": 0o666}
