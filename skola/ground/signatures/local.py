"""An authority of this installation, for demo and tests: it certifies whoever is signed in.

Its key and certificates are made when they are first needed and stay in the data folder. A person
gets a certificate for one signature, whose key is forgotten with it; the time stamp says that it
was valid then. Nobody else trusts it, and it says of itself that it proves nothing.
"""

import contextlib
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from skola.ground.signatures.provided import Credential, Who
from skola.ground.signatures.trust import Trust

_FROM, _TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
_SHORT = timedelta(hours=1)
_ORGANISATION = "Test authority of this installation, proves nothing"

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class _Holder:
    certificate: x509.Certificate
    key: _Key


@dataclass(frozen=True)
class LocalAuthority:
    """A provider whose certificates prove nothing; its files lie in ``folder``."""

    folder: Path
    title: str = "Test authority"
    question: str = ""
    is_test: bool = True

    def credential(self, who: Who, *, now: datetime) -> Credential:
        """Certify a person for an hour."""
        root = self._held("root", _own_root)
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
                x509.NameAttribute(NameOID.COMMON_NAME, who.name[:64]),
                x509.NameAttribute(NameOID.GIVEN_NAME, who.given_name[:64] or "-"),
                x509.NameAttribute(NameOID.SURNAME, who.family_name[:40] or "-"),
            ]
        )
        usage = x509.KeyUsage(False, True, False, False, False, False, False, False, False)
        built = _builder(root, name, key, now - _SHORT, now + _SHORT)
        made = built.add_extension(usage, critical=True).sign(root.key, hashes.SHA256())
        return Credential(_der(made), (_der(root.certificate),), key)

    def sign(self, credential: Credential, data: bytes, *, now: datetime) -> bytes:
        """Sign with the key that was made for this once."""
        key = credential.handle
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key.sign(data, ec.ECDSA(hashes.SHA256()))

    def stamper(self, *, now: datetime) -> TimeStamper:
        """Stamp ``now``."""
        root = self._held("root", _own_root)
        held = self._held("time-stamps", lambda: _stamps(root))
        store: Any = SimpleCertificateStore
        der = held.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return DummyTimeStamper(
            asn1.Certificate.load(_der(held.certificate)),
            asn1_keys.PrivateKeyInfo.load(der),
            certs_to_embed=store.from_certs([asn1.Certificate.load(_der(root.certificate))]),
            fixed_dt=now,
        )

    def trust(self, *, now: datetime) -> Trust:
        """Trust this authority alone. It revokes nothing: its certificates live an hour."""
        root = asn1.Certificate.load(_der(self._held("root", _own_root).certificate))
        return Trust((root,), (root,), needs_revocation=False, needs_qualified=False)

    def _held(self, name: str, make: Any) -> _Holder:
        """Return a certificate with its key, made the first time. Of two that make it one wins."""
        file = self.folder / f"{name}.pem"
        if not file.exists():
            _put(file, make())
        content = file.read_bytes()
        key = load_pem_private_key(content, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
        return _Holder(x509.load_pem_x509_certificate(content), key)


def _put(file: Path, made: _Holder) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{secrets.token_hex(8)}")
    fresh.touch(0o600)
    try:
        key = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        fresh.write_bytes(made.certificate.public_bytes(Encoding.PEM) + key)
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)
    finally:
        fresh.unlink()


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _named(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _own_root() -> _Holder:
    key = ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    name, public = _named(f"Test authority {secrets.token_hex(4)}"), key.public_key()
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_TO)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
    )
    return _Holder(built.sign(key, hashes.SHA256()), key)


def _stamps(root: _Holder) -> _Holder:
    key = rsa.generate_private_key(65537, 2048)  # all that this stamper knows
    built = _builder(root, _named("Test time stamps"), key, _FROM, _TO)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = built.add_extension(usage, critical=True).sign(root.key, hashes.SHA256())
    return _Holder(made, key)


def _builder(
    root: _Holder, name: x509.Name, key: _Key, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    public, above = key.public_key(), root.key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(root.certificate.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above), critical=False)
    )
