"""Web push: sealing a notice for one browser, and handing it to whoever carries it there.

Sealed as RFC 8291 says, so the carrier learns an address, a moment and a length; signed as
RFC 8292 says, with a key that is derived for each tenant and lies nowhere. Nothing calls this but
``pushing``, behind the gate.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from uuid import UUID

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc import jwt
from joserfc.jwk import ECKey

from skola.ground.files.api import key_for
from skola.ground.tenants.api import current_id

SECONDS = 10
"""How long a carrier may take to answer."""
KEPT = 24 * 60 * 60
"""Seconds for which a carrier keeps a notice for a device that is off."""
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class GoneError(Exception):
    """The browser wants no more notices: it was told so on the device (404 or 410)."""


class RejectedError(Exception):
    """The carrier takes this notice neither now nor later."""


class CarrierError(Exception):
    """The carrier does not answer, or is too busy. It can be asked again."""


class FaultyKeyError(ValueError):
    """What a browser gave as its keys is none."""


@dataclass(frozen=True)
class Browser:
    """Where one browser is reached, and its keys."""

    endpoint: str
    p256dh: str
    auth: str


def host_of(endpoint: str) -> str:
    """Return the host of an address over HTTPS, at its own port; empty for any other."""
    try:
        found = urlsplit(endpoint)
        plain = found.port is None and found.username is None and found.scheme == "https"
    except ValueError:
        return ""
    return found.hostname or "" if plain else ""


def check_keys(p256dh: str, auth: str) -> None:
    """Raise FaultyKeyError where a browser's keys are not a point of P-256 and 16 bytes."""
    _point(p256dh)
    if len(_bytes(auth)) != 16:
        raise FaultyKeyError(auth)


def public_key() -> str:
    """Return the key by which a browser knows the speaking tenant's service."""
    own = _key(current_id()).public_key()
    return _text(own.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def send(to: Browser, said: dict[str, str], *, contact: str, now: datetime) -> None:
    """Hand a notice over, sealed. Raises GoneError, RejectedError, CarrierError."""
    place = urlsplit(to.endpoint)
    claims = {
        "aud": f"https://{place.netloc}",
        "exp": int((now + timedelta(hours=12)).timestamp()),
        "sub": f"mailto:{contact}",
    }
    request = Request(  # noqa: S310 - only https passes host_of
        to.endpoint,
        seal(to, said),
        {
            "Authorization": f"vapid t={_signed(claims)}, k={public_key()}",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEPT),
        },
    )
    try:
        with _open(request, timeout=SECONDS):
            pass
    except HTTPError as error:
        error.close()
        if error.code in (404, 410):
            raise GoneError(to.endpoint) from error
        if error.code == 429 or error.code >= 500:
            raise CarrierError(f"The carrier said {error.code}.") from error
        raise RejectedError(f"The carrier said {error.code}.") from error
    except (URLError, TimeoutError) as error:
        raise CarrierError("The carrier does not answer.") from error


def seal(to: Browser, said: dict[str, str]) -> bytes:
    """Return what only this browser can read (RFC 8291)."""
    sealed: bytes = http_ece.encrypt(
        json.dumps(said, ensure_ascii=False).encode(),
        private_key=ec.generate_private_key(_CURVE),
        dh=_point(to.p256dh),
        auth_secret=_bytes(to.auth),
        version="aes128gcm",
    )
    return sealed


class _Stay(HTTPRedirectHandler):
    """A carrier that sends us elsewhere is not followed: the policy names where it may be."""

    def redirect_request(self, *_told: Any, **_rest: Any) -> None:
        return None


_open = build_opener(_Stay).open


@cache
def _key(tenant: UUID) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(key_for(tenant, "push"), "big") % (_ORDER - 1) + 1
    return ec.derive_private_key(number, _CURVE)


def _signed(claims: dict[str, Any]) -> str:
    own = _key(current_id()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, ECKey.import_key(own))


def _point(told: str) -> bytes:
    found = _bytes(told)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, found)
    except ValueError as error:
        raise FaultyKeyError(told) from error
    return found


def _bytes(told: str) -> bytes:
    try:
        return urlsafe_b64decode(told + "=" * (-len(told) % 4))
    except ValueError as error:
        raise FaultyKeyError(told) from error


def _text(found: bytes) -> str:
    return urlsafe_b64encode(found).decode().rstrip("=")
