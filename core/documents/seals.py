"""Seals of organisations. A sealed file shows where it was made and that nobody has changed a byte of it since. That is no
signature of a person, and nothing here claims the force of one.

Of each organisation two files lie in SEALS_DIR, called as its slug: `dariger.p12` (PKCS#12: key, certificate and what is
above it) and `dariger.password`. They are read for each document, so a new certificate needs no restart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12KeyAndCertificates, load_pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

LONGEST_HOLDER = 200  # characters


class SealUnusable(Exception):
    """A seal lies there and cannot be used now; the words say why. No document is made without it meanwhile."""


@dataclass(frozen=True)
class Seal:
    holder: str  # as the certificate names it
    certificate: str  # its SHA-256, which readers of PDF show too
    begins_at: datetime
    ends_at: datetime  # of the certificate
    pkcs12: bytes = field(repr=False)
    password: bytes = field(repr=False)

    def is_in_time(self, now: datetime) -> bool:
        return self.begins_at <= now < self.ends_at


def seal_of(organisation: str, *, now: datetime) -> Seal | None:
    """`organisation` is a slug. None: it seals nothing. Raise SealUnusable."""
    if organisation not in sealing():
        return None
    seal = opened(organisation)
    if not seal.is_in_time(now):
        raise SealUnusable(f"The certificate is valid from {seal.begins_at:%d.%m.%Y} to {seal.ends_at:%d.%m.%Y}.")
    return seal


def sealing() -> list[str]:
    """Slugs of the organisations that seal. Raise SealUnusable where there is no such folder."""
    if not settings.SEALS_DIR:
        return []
    folder = Path(settings.SEALS_DIR)
    if not folder.is_dir():
        raise SealUnusable(f"{folder} is no folder.")
    return sorted(path.stem for path in folder.glob("*.p12"))


def opened(organisation: str) -> Seal:
    """Whether it is in time or not. Raise SealUnusable."""
    file = Path(settings.SEALS_DIR, f"{organisation}.p12")
    try:
        content, password = file.read_bytes(), file.with_suffix(".password").read_bytes().strip()
        found = load_pkcs12(content, password)
    except OSError as error:
        raise SealUnusable(f"{error.filename}: {error.strerror}.") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SealUnusable(f"{file} is no PKCS#12, or its password is another one.") from error
    certificate = _certificate(file, found)
    return Seal(
        holder=_holder(certificate), certificate=certificate.fingerprint(hashes.SHA256()).hex(),
        begins_at=certificate.not_valid_before_utc, ends_at=certificate.not_valid_after_utc,
        pkcs12=content, password=password,
    )  # fmt: skip


def _certificate(file: Path, found: PKCS12KeyAndCertificates) -> x509.Certificate:
    if not isinstance(found.key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise SealUnusable(f"{file} holds no key of RSA or of an elliptic curve that programs everywhere know.")
    if found.cert is None:
        raise SealUnusable(f"{file} holds no certificate.")
    return found.cert.certificate


def _holder(certificate: x509.Certificate) -> str:
    """The organisation; a certificate without one names somebody else."""
    return next(_names(certificate), certificate.subject.rfc4514_string())[:LONGEST_HOLDER]


def _names(certificate: x509.Certificate) -> Iterator[str]:
    for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        yield from (str(name.value) for name in certificate.subject.get_attributes_for_oid(kind))
