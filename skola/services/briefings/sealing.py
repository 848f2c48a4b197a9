"""How a signature is sealed, whichever way it was given.

The seal is the service's and proves that nothing was altered since. Who signed is proven by their
sign-in and their written agreement, or by the certificate in the PDF that the sealed note names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skola.ground.audit import api as audit
from skola.ground.tenants.api import current_id
from skola.services.briefings.rules.signing import SIGNATURE, Way, canonical, note_of

USE = "evidence"


@dataclass(frozen=True)
class Sealed:
    """A signed note, and the key that signed it, ``NAME+ID+BASE64``."""

    note: str
    key: str


def seal_statement(
    facts: Mapping[str, Any], way: Way, *, signer: audit.Signer | None = None
) -> Sealed:
    """Seal what a side says when it signs, with the key of the service (c2sp.org/signed-note).

    Who seals many finds the ``signer`` once.
    """
    return seal(note_of(SIGNATURE, canonical({**facts, "method": way.value})), signer=signer)


def signer_of_service() -> audit.Signer:
    """Return what signs for the speaking tenant; its key is made when it is first needed."""
    tenant = current_id()
    name = audit.origin(tenant).removesuffix(audit.PLACE) + "/" + USE
    return audit.signer(tenant, name, USE)


def seal(text: str, *, signer: audit.Signer | None = None) -> Sealed:
    """Seal a text with the key of the speaking tenant."""
    signer = signer or signer_of_service()
    return Sealed(signer.sign(text), str(signer.public))


def public_key() -> str:
    """Return the key under which the speaking tenant seals, ``NAME+ID+BASE64``."""
    return str(signer_of_service().public)


def opened(note: str, key: str) -> list[str]:
    """Return the lines that were sealed. Raises audit.NoteError where anything was altered."""
    return audit.read_note(note, audit.PublicKey.read(key)).splitlines()
