"""Debian packages that a command needs: installed where allowed, else unpacked beside the environment.

An ordinary user without sudo cannot install, but may fetch and unpack: libraries, the browser and the catalogue tools
are found in `.venv/debian` just as well.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dev.places import DEBIAN


@dataclass(frozen=True)
class Need:
    package: str
    why: str
    is_met: Callable[[], bool]
    is_server: bool = False  # Debian would start it: unpacked everywhere, installed nowhere


# Chromium's engine without a window: a page takes a third of the time.
BROWSER = "chromium-headless-shell"
PRODUCT = (
    Need("libpangoft2-1.0-0", "documents as PDF", lambda: has("usr/lib/*-linux-*/libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", "…and the letters in them", lambda: has("usr/lib/*-linux-*/libharfbuzz-subset.so.0")),
)
NEEDS: dict[str, tuple[Need, ...]] = {
    "demo": PRODUCT,
    "test": (
        *PRODUCT,
        Need(BROWSER, "browser journeys", lambda: find(BROWSER) is not None),
        Need("fonts-dejavu-core", "letters our own font lacks", lambda: has("usr/share/fonts/truetype")),
        Need("nginx", "the front of the house", lambda: find("nginx") is not None, is_server=True),
        Need("coturn", "the relay of calls", lambda: find("turnserver") is not None, is_server=True),
        Need("curl", "asks a node of deploy/run whether it is there", lambda: find("curl") is not None),
        Need("libatomic1", "Playwright's driver", lambda: has("usr/lib/*-linux-*/libatomic.so.1")),
    ),
    "check": (*PRODUCT, Need("gettext", "finds the strings to translate", lambda: find("xgettext") is not None)),
}


def provide(level: str) -> None:
    missing = [need for need in NEEDS.get(level, ()) if not need.is_met()]
    if not missing:
        return
    packages = [need.package for need in missing]
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        sys.exit("Please install: " + ", ".join(f"{need.package} ({need.why})" for need in missing))
    print(f"· fetching {', '.join(packages)} …", flush=True)
    try:
        installed = [need.package for need in missing if may_install() and not need.is_server]
        if installed:
            install(installed)
        if unpacked := [package for package in packages if package not in installed]:
            unpack(unpacked)
    except subprocess.CalledProcessError as failure:
        sys.exit(f"{failure.stdout}\nPlease run as root:  apt-get update && {line}")


def find(program: str) -> str | None:
    """The path of a program, installed or unpacked (there not the script of Debian that reads /etc)."""
    own = [DEBIAN / "usr/lib/chromium", DEBIAN / "usr/bin", DEBIAN / "usr/sbin"]
    places = [os.environ.get("PATH", os.defpath), "/usr/sbin", *map(str, own)]
    return shutil.which(program, path=os.pathsep.join(places))


def has(pattern: str) -> bool:
    return any(found for root in (Path("/"), DEBIAN) for found in root.glob(pattern))


def unpacked_environment() -> dict[str, str]:
    """What programs in `.venv/debian` need to find their libraries and data; empty where Debian installed them."""
    if not DEBIAN.exists():
        return {}
    libraries = [folder for pattern in ("lib/*-linux-*", "usr/lib/*-linux-*") for folder in DEBIAN.glob(pattern)]
    libraries += [folder / "pulseaudio" for folder in libraries]
    return {
        "LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries)),
        "FONTCONFIG_FILE": str(fonts_file()),
        "GETTEXTDATADIRS": str(DEBIAN / "usr/share/gettext"),
    }


def may_install() -> bool:
    return os.geteuid() == 0 or (
        shutil.which("sudo") is not None
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    )


def install(packages: list[str]) -> None:
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quietly = {"DEBIAN_FRONTEND": "noninteractive"}
    run([*sudo, "apt-get", "update", "-q"], quietly)
    run([*sudo, "apt-get", "install", "-q", "-y", "--no-install-recommends", *packages], quietly)


def unpack(packages: list[str]) -> None:
    """apt with its own folders needs no rights; it still knows from dpkg what the machine already has."""
    state, cache = DEBIAN / "var/state", DEBIAN / "var/cache"
    for folder in (state / "lists/partial", cache / "archives/partial"):
        folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "Dir::State": state,
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": cache,
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": "",
    }
    apt = ["apt-get", "-q", *(f"-o{name}={value}" for name, value in settings.items())]
    run([*apt, "update"])
    run([*apt, "install", "-y", "--download-only", "--no-install-recommends", *packages])
    for archive in sorted((cache / "archives").glob("*.deb")):
        run(["dpkg-deb", "--extract", str(archive), str(DEBIAN)])
        archive.unlink()


def fonts_file() -> Path:
    """fontconfig's own file names /usr; this one names the unpacked fonts as well."""
    path = DEBIAN / "fonts.conf"
    path.write_text(
        f"<?xml version='1.0'?><fontconfig><dir>/usr/share/fonts</dir><dir>{DEBIAN}/usr/share/fonts</dir>"
        f"<cachedir>{DEBIAN}/var/fontconfig</cachedir></fontconfig>"
    )
    return path


def run(command: list[str], environment: Mapping[str, str] = {}) -> None:
    subprocess.run(
        command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True,
    )  # fmt: skip
