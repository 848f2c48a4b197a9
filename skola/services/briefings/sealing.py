"""How a signature is made and sealed. One way exists today: the simple signature.

A qualified signature (PAdES, ASiC-E) needs a provider and a library that this release does not
have; it would be another ``Provider`` here. The seal is the service's and proves that nothing was
altered since; who signed is proven by their sign-in and their written agreement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from skola.ground.audit import api as audit
from skola.ground.tenants.api import current_id
from skola.services.briefings.rules.signing import SIGNATURE, canonical, note_of

USE = "evidence"


@dataclass(frozen=True)
class Sealed:
    """A signed note, and the key that signed it, ``NAME+ID+BASE64``."""

    note: str
    key: str


class Provider(Protocol):
    """A way to sign: what it is called in a statement, and how the statement is signed."""

    method: str

    def sign(self, facts: Mapping[str, Any]) -> Sealed:
        """Return what was signed, sealed."""


class SimpleSignature:
    """A signed-in person who has just proven who they are says that they sign."""

    method = "simple"

    def sign(self, facts: Mapping[str, Any]) -> Sealed:
        """Seal the statement with the key of the service (c2sp.org/signed-note)."""
        return seal(note_of(SIGNATURE, canonical({**facts, "method": self.method})))


def _signer() -> audit.Signer:
    tenant = current_id()
    name = audit.origin(tenant).removesuffix(audit.PLACE) + "/" + USE
    return audit.signer(tenant, name, USE)


def seal(text: str) -> Sealed:
    """Seal a text with the key of the speaking tenant, made when it is first needed."""
    signer = _signer()
    return Sealed(signer.sign(text), str(signer.public))


def public_key() -> str:
    """Return the key under which the speaking tenant seals, ``NAME+ID+BASE64``."""
    return str(_signer().public)


def opened(note: str, key: str) -> list[str]:
    """Return the lines that were sealed. Raises audit.NoteError where anything was altered."""
    return audit.read_note(note, audit.PublicKey.read(key)).splitlines()
