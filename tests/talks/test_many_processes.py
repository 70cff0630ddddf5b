"""The two people at different processes, behind nginx, and one of the processes is killed while they talk."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dev.processes import Child
from tests.production.front import Front, nginx_in_front
from tests.talks.conftest import Meet
from tests.talks.house import Node, node_at, served

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
ONE_SOCKET = "server unix:{sockets}/live.sock max_fails=0;"
TWO_SOCKETS = "server unix:{sockets}/web-1.sock max_fails=0; server unix:{sockets}/web-2.sock max_fails=0;"


@pytest.mark.long
def test_at_two_processes_they_see_and_read_each_other(
    meet: Meet, node: Node, turn: dict[str, str], tmp_path: Path
) -> None:
    with served(tmp_path, "second", **turn) as second:
        one, other = meet([node, second])
        one.sees_the_other()
        other.sees_the_other()
        one.writes("Слышно?")
        expect(other.page.locator("[data-chat]")).to_contain_text("Слышно?")


@pytest.fixture
def front(django_db_setup: None, turn: dict[str, str]) -> Iterator[tuple[Front, list[Child]]]:
    """nginx with the configuration of production; each process serves pages and streams, so both are known to both."""
    with nginx_in_front(lambda text, front: text.replace(one(front), two(front))) as front:
        variables = turn | {"TRUSTED_PROXY_COUNT": "1"}
        nodes = [node_at(front.sockets / f"web-{number}.sock", front.folder, **variables) for number in (1, 2)]
        yield front, nodes
        for child in nodes:
            child.end()


def one(front: Front) -> str:
    return ONE_SOCKET.format(sockets=front.sockets)


def two(front: Front) -> str:
    return TWO_SOCKETS.format(sockets=front.sockets)


@pytest.mark.long
def test_behind_nginx_a_process_that_is_killed_ends_no_talk(meet: Meet, front: tuple[Front, list[Child]]) -> None:
    house, nodes = front
    one, other = meet([Node(nodes[0], f"https://localhost:{house.secure}")])
    one.sees_the_other()
    other.sees_the_other()
    os.killpg(nodes[0].process.pid, signal.SIGKILL)  # whoever listened there listens at the other one
    one.sees_the_other()  # between the two browsers nothing has changed
    for writer, reader, text in ((one, other, "Вы здесь?"), (other, one, "Здесь")):
        writer.writes(text)
        expect(reader.page.locator("[data-chat]")).to_contain_text(text)
    one.page.reload()  # and whoever loads the page again is seen again
    one.sees_the_other()
    other.sees_the_other()
