"""The real nginx with the real deploy/nginx.conf, its ports and folders moved into a folder of the test."""

import os
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dev import memory, processes, system
from dev.places import ROOT

MAIN = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 2;
events {{}}
http {{
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/portal.conf;
}}
"""


@dataclass(frozen=True)
class Front:
    folder: Path
    plain: int
    secure: int
    probes: int

    @property
    def sockets(self) -> Path:
        return self.folder / "run"

    @property
    def log(self) -> str:
        return (self.folder / "access.log").read_text()

    def connect(self) -> HTTPSConnection:
        trusting = ssl.create_default_context(cafile=self.folder / "portal/tls/fullchain.pem")
        return HTTPSConnection("localhost", self.secure, timeout=60, context=trusting)

    def asks(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[HTTPResponse, bytes]:
        """Over a connection of its own."""
        return answer_of(self.connect(), method, path, body, **headers)

    def asks_plainly(self, port: int, path: str) -> tuple[HTTPResponse, bytes]:
        return answer_of(HTTPConnection("localhost", port, timeout=60), "GET", path, None)


Differs = Callable[[str, Front], str]


def answer_of(
    connection: HTTPConnection, method: str, path: str, body: bytes | None, **headers: str
) -> tuple[HTTPResponse, bytes]:
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


@contextmanager
def nginx_in_front(differs: Differs = lambda configuration, front: configuration) -> Iterator[Front]:
    """`differs`: what a test changes of the configuration."""
    with tempfile.TemporaryDirectory(prefix="portal-") as name:  # a socket's path has 107 letters at most
        front = Front(Path(name), memory.a_free_port(), memory.a_free_port(), memory.a_free_port())
        write_configuration(front, differs)
        nginx = processes.start(
            "nginx", [system.find("nginx") or "nginx", "-c", front.folder / "nginx.conf", "-p", front.folder],
            state=front.folder, environment={**os.environ, **system.unpacked_environment()},
        )  # fmt: skip
        try:
            processes.wait_until(lambda: answers(front), nginx)
            yield front
        finally:
            nginx.end()


def write_configuration(front: Front, differs: Differs) -> None:
    for folder in ("run", "portal/tls", "cache"):
        (front.folder / folder).mkdir(parents=True)
    (front.folder / "portal/unavailable.html").write_text((ROOT / "deploy/unavailable.html").read_text())
    write_certificate(front.folder / "portal/tls")
    user = "user root;" if os.geteuid() == 0 else ""
    (front.folder / "nginx.conf").write_text(MAIN.format(folder=front.folder, user=user))
    (front.folder / "portal.conf").write_text(differs(moved(front), front))


def moved(front: Front) -> str:
    configuration = (ROOT / "deploy/nginx.conf").read_text()
    for here, there in {
        "listen 80 ": f"listen 127.0.0.1:{front.plain} ",
        "listen 443 ": f"listen 127.0.0.1:{front.secure} ",
        "listen 127.0.0.1:9180;": f"listen 127.0.0.1:{front.probes};",
        "/run/portal/": f"{front.sockets}/",
        "/etc/portal": f"{front.folder}/portal",
        "/var/cache/portal": f"{front.folder}/cache",
        "/var/log/nginx/": f"{front.folder}/",
        "/var/lib/portal/": f"{front.folder}/files/",
    }.items():
        assert here in configuration
        configuration = configuration.replace(here, there)
    return configuration


def write_certificate(folder: Path) -> None:
    """Of localhost, signed by itself, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # fmt: skip


def answers(front: Front) -> bool:
    try:
        front.asks_plainly(front.plain, "/")
    except OSError:
        return False
    return True
