"""A seal that nobody answers for: a key and a certificate which it has signed itself, as core.documents.seals reads them."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

YEARS = timedelta(days=3650)


def invent(
    folder: Path, organisation: str, holder: str, *, since: datetime | None = None, lasts: timedelta = YEARS
) -> Path:
    """`organisation`: its slug. The PKCS#12, with its password beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = certificate_of(key, holder, since or datetime.now(UTC) - timedelta(days=1), lasts)
    file, password = folder / f"{organisation}.p12", secrets.token_hex(16).encode()
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, BestAvailableEncryption(password))
    )
    file.with_suffix(".password").write_bytes(password)
    return file


def certificate_of(key: rsa.RSAPrivateKey, holder: str, since: datetime, lasts: timedelta) -> x509.Certificate:
    name = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, holder), x509.NameAttribute(NameOID.COMMON_NAME, "Seal")]
    )
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + lasts)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, SHA256())
    )
