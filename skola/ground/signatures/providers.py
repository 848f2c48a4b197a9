"""Who signs for people with a certificate: one door for every provider of signatures.

A provider keeps the keys of people (or asks their phone for them) and gives back a signature; the
document never leaves the service. Which one is used says ``SKOLA_SIGNING``: an object of an
installed package, ``package.module:name``, that has what ``Provider`` names. In the demo it is the
authority of ``local``, whose certificates prove nothing. Told in
``docs/how-to/brief-and-prove.md``.
"""

from datetime import datetime
from typing import Protocol

from asn1crypto import pem
from django.conf import settings
from django.utils.module_loading import import_string
from pyhanko.sign.timestamps import TimeStamper

from skola.ground.signatures.checking import trusted_here
from skola.ground.signatures.local import LocalAuthority
from skola.ground.signatures.provided import Credential, NotProvided, ProviderError, Who
from skola.ground.signatures.trust import Trust

__all__ = [
    "Credential",
    "NotProvided",
    "Provider",
    "ProviderError",
    "Who",
    "authorities",
    "provider",
]


class Provider(Protocol):
    """What a provider of signatures does. All of it may take as long as a person takes."""

    @property
    def title(self) -> str:
        """What people know it by."""

    @property
    def question(self) -> str:
        """What it has to be told to find somebody, ``Personal code``; empty: nothing."""

    @property
    def is_test(self) -> bool:
        """Whether its certificates prove nothing, which every page then says."""

    def credential(self, who: Who, *, now: datetime) -> Credential:
        """Return the certificate of a person. Raises ProviderError."""

    def sign(self, credential: Credential, data: bytes, *, now: datetime) -> bytes:
        """Return the signature over these bytes, hashed with SHA-256, once the person has agreed.

        RSA: PKCS#1 v1.5; ECDSA: the DER form. Raises ProviderError.
        """

    def stamper(self, *, now: datetime) -> TimeStamper | None:
        """Return who stamps the time; None: signatures have no time stamp (PAdES-B-B)."""

    def trust(self, *, now: datetime) -> Trust | None:
        """Return whom its signatures are judged by; None: whom the tenant trusts."""


def provider() -> Provider | None:
    """Return the provider of this installation; None where there is none."""
    named: str = settings.SIGNING
    if named == "local":
        return LocalAuthority(settings.DATA / "keys" / "test-authority")
    if not named:
        return None
    found: Provider = import_string(named.replace(":", "."))
    return found


def authorities(*, now: datetime) -> bytes:
    """Return the certificates of whom signatures are judged by here, one PEM after the other."""
    held = provider()
    trust = (held.trust(now=now) if held else None) or trusted_here()
    return b"".join(pem.armor("CERTIFICATE", one.dump()) for one in trust.authorities)
