"""Whom a tenant trusts: certificates of authorities, of time stamps, and lists of what is revoked.

They are files in a folder, ``all`` for every tenant and one by the name of each; who runs Skola
puts them there and keeps them current. Nothing is fetched.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import core, pem, x509
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathError,
    RevokedError,
    ValidationError,
)

from skola.ground.signatures.rules import Signer, Verdict
from skola.ground.signatures.signed import Signed

_QUALIFIED = "0.4.0.1862.1.1"
"""QcCompliance (EN 319 412-5): the certificate is a qualified one."""
_STATEMENTS = "1.3.6.1.5.5.7.1.3"


@dataclass(frozen=True)
class Trust:
    """What signatures are judged by."""

    authorities: tuple[x509.Certificate, ...] = ()
    stamps: tuple[x509.Certificate, ...] = ()
    """Who may say when something was signed."""
    crls: tuple[bytes, ...] = ()
    needs_revocation: bool = True
    """Whether a certificate counts only where somebody says that it was not revoked."""
    needs_qualified: bool = True
    """Whether it has to be one of a qualified signature."""


def trust_in(*folders: Path, needs_revocation: bool = True) -> Trust:
    """Return what lies in these folders; one that is not there holds nothing."""
    return Trust(
        tuple(_certificates(folders)),
        tuple(_certificates([one / "time-stamps" for one in folders])),
        tuple(_der(path) for one in folders for path in sorted(one.glob("*.crl"))),
        needs_revocation,
    )


def _certificates(folders: "tuple[Path, ...] | list[Path]") -> Iterator[x509.Certificate]:
    for folder in folders:
        for path in sorted(folder.glob("*")):
            if path.suffix in (".pem", ".crt", ".cer", ".der"):
                for content in _all_der(path):
                    yield x509.Certificate.load(content)


def _all_der(path: Path) -> list[bytes]:
    content = path.read_bytes()
    if not pem.detect(content):
        return [content]
    return [one for _kind, _headers, one in pem.unarmor(content, multiple=True)]


def _der(path: Path) -> bytes:
    return _all_der(path)[0]


@dataclass(frozen=True)
class Judged:
    """What one signature is worth."""

    verdict: Verdict
    signer: Signer
    signed_at: datetime | None


def judge(signed: Signed, trust: Trust, *, now: datetime) -> Judged:
    """Return whether a certificate was good when it was used: at its time stamp, else now.

    What a signature says of its own time proves nothing, so without a trusted stamp the certificate
    has to be valid at ``now``.
    """
    stamped = _stamped_at(signed, trust, now)
    signer = _signer(signed.certificate)
    context = ValidationContext(
        trust_roots=list(trust.authorities),
        other_certs=list(signed.others),
        crls=[*trust.crls, *signed.crls],
        ocsps=list(signed.ocsps),
        moment=stamped or now,
        allow_fetching=False,
        revocation_mode="require" if trust.needs_revocation else "soft-fail",
        retroactive_revinfo=True,
    )
    validator: Any = CertificateValidator(
        signed.certificate, list(signed.others), validation_context=context
    )
    is_fit = not trust.needs_qualified or _is_qualified(signed.certificate)
    verdict = Verdict.VALID if is_fit else Verdict.UNFIT
    try:
        asyncio.run(validator.async_validate_usage({"non_repudiation"}))
    except RevokedError:
        verdict = Verdict.REVOKED
    except (ExpiredError, NotYetValidError):
        verdict = Verdict.EXPIRED
    except InsufficientRevinfoError:
        verdict = Verdict.UNCERTAIN
    except InvalidCertificateError:
        verdict = Verdict.UNFIT
    except (PathError, ValidationError, ValueError):
        verdict = Verdict.FOREIGN
    return Judged(verdict, signer, stamped)


def _stamped_at(signed: Signed, trust: Trust, now: datetime) -> datetime | None:
    """The moment that a trusted time stamp proves, and that is not to come; else None."""
    if signed.stamp is None or signed.stamped is None or not trust.stamps:
        return None
    context = ValidationContext(
        trust_roots=list(trust.stamps), moment=now, allow_fetching=False, crls=list(trust.crls)
    )
    try:
        found = asyncio.run(validate_tst_signed_data(signed.stamp, context, signed.stamped))
    except (SignatureValidationError, ValidationError, PathError, ValueError, KeyError, TypeError):
        return None
    is_good = found["intact"] and found["valid"] and found.get("validation_path") is not None
    at: datetime = found["timestamp"]
    return at if is_good and at <= now else None


def _signer(certificate: x509.Certificate) -> Signer:
    told = certificate.subject.native
    given, family = _text(told, "given_name"), _text(told, "surname")
    if not given and not family:
        family, _, given = _text(told, "common_name").partition(",")
    issuer = certificate.issuer.native
    return Signer(
        given.strip()[:80],
        family.strip()[:80],
        _text(told, "serial_number")[:40],
        (_text(issuer, "common_name") or certificate.issuer.human_friendly)[:120],
    )


def _text(told: dict[str, object], name: str) -> str:
    value = told.get(name, "")
    return value if isinstance(value, str) else ""


def _is_qualified(certificate: x509.Certificate) -> bool:
    for extension in certificate["tbs_certificate"]["extensions"]:
        if extension["extn_id"].dotted == _STATEMENTS:
            return _QUALIFIED in _identifiers(extension["extn_value"].contents)
    return False


def _identifiers(content: bytes) -> Iterator[str]:
    """The statements of a certificate: each a sequence that begins with its identifier."""
    try:
        for statement in core.SequenceOf.load(content, spec=core.Any):
            yield core.Sequence.load(statement.dump())[0].dotted
    except (ValueError, TypeError, AttributeError, IndexError):
        return
