"""`make demo`: the whole product on a laptop, filled with invented people. Ctrl-C ends all that it started."""

import fcntl
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from dev import commands, environment, memory, messages, processes, seal
from dev.commands import Command
from dev.places import PYTHON, ROOT, STATE
from dev.postgres import home_of
from dev.processes import Child, DidNotStart, Stop
from dev.servers import servers


def main(arguments: list[str]) -> None:
    began = time.monotonic()
    processes.stop_on_signals()
    STATE.mkdir(exist_ok=True)
    with only_one_demo():
        processes.end_leftovers(STATE)
        if "--afresh" in arguments:
            forget_everything()
        messages.compile_stale()
        with servers(STATE) as urls, ExitStack() as started:
            run(urls, started, began)


@contextmanager
def only_one_demo() -> Iterator[None]:
    with (STATE / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("A demo of this folder is already running. End it with Ctrl-C in its window first.")
        yield


def forget_everything() -> None:
    shutil.rmtree(home_of(STATE), ignore_errors=True)
    for path in STATE.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()


def run(urls: dict[str, str], started: ExitStack, began: float) -> None:
    addresses = {name: memory.port(STATE, f"{name}-port", preferred) for name, preferred in PORTS.items()}
    public_url, inbox_url = (f"http://127.0.0.1:{addresses[name]}" for name in ("web", "inbox"))
    variables = environment.demo(
        STATE, urls, public_url=public_url, smtp_port=addresses["smtp"], inbox_url=inbox_url,
        identity_port=addresses["identity"],
    )  # fmt: skip
    if not (STATE / "seals").exists():
        seal.invent(STATE / "seals", "dariger", "Dariger (demo)")
    table = prepare(variables)
    children = start_children(variables, addresses)
    started.callback(end_together, children)
    processes.wait_until(lambda: answers(inbox_url), children[0])
    processes.wait_until(lambda: answers(public_url), children[2])
    print(f"\n{table}\nLetters and SMS:  {inbox_url}\nThe portal:       {public_url}\n")
    print(f"Started in {time.monotonic() - began:.1f} s. Logs lie in .data/log. Ctrl-C ends everything.", flush=True)
    watch(children)


PORTS = {"web": 8000, "inbox": 8025, "smtp": 0, "identity": 0}  # preferred; 0 = any free one


def prepare(variables: dict[str, str]) -> str:
    """Migrations, products, people, static files. What invent_people prints is for the reader of the demo."""
    answer = subprocess.run(
        [PYTHON, "-m", "dev.prepare"], cwd=ROOT, env={**variables, processes.MARK: str(STATE)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if answer.returncode:
        raise DidNotStart(f"The database could not be prepared:\n{answer.stderr}")
    return answer.stdout


def start_children(variables: dict[str, str], ports: dict[str, int]) -> list[Child]:
    """All in the process group of this command: one Ctrl-C reaches each of them."""
    running: dict[str, Command] = {
        "inbox": [PYTHON, "-m", "dev.inbox", STATE / "inbox", f"--smtp-port={ports['smtp']}", f"--http-port={ports['inbox']}"],
        "identity": [PYTHON, "-m", "dev.identity", f"--port={ports['identity']}"],
        # Pages and event streams in one, because no nginx parts them here. In production pages run under WSGI.
        "web": commands.live(ports["web"], workers=2),
        "worker-notices": commands.worker("notices", name="notices"),
        "worker-work": commands.worker("work", name="work"),
        "beat": commands.beat(STATE / "beat"),
    }  # fmt: skip
    return [processes.start(name, command, state=STATE, environment=variables) for name, command in running.items()]


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False
    return True


def watch(children: list[Child]) -> None:
    while True:
        for child in children:
            if child.has_ended():
                raise DidNotStart(
                    f"{child.name} has ended, so the rest ends too. The end of {child.log}:\n{child.tail()}"
                )
        time.sleep(0.5)


def end_together(children: list[Child]) -> None:
    for child in children:
        if not child.has_ended():
            child.process.terminate()
    for child in children:
        child.end()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Stop:
        print("\nStopped. make demo starts again with the same data.")
    except DidNotStart as failure:
        sys.exit(f"\n{failure}")
