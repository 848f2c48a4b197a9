"""The number of a mail: signed, so that a mail that comes back says for sure whose it was."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from email.utils import parseaddr
from secrets import token_hex
from uuid import UUID

from django.core.signing import BadSignature, Signer

from skola.ground.tenants.api import current_id

_SIGNER = Signer(salt="people.mail.number", sep="~")


@dataclass(frozen=True)
class Numbered:
    """What the number of a mail says."""

    tenant: UUID
    person: UUID


def number_for(person_id: UUID, sender: str) -> str:
    """Return a ``Message-ID`` for a mail of the speaking tenant to one of its people."""
    whose = urlsafe_b64encode(current_id().bytes + person_id.bytes).decode()
    said = _SIGNER.sign(f"{token_hex(6)}.{whose.rstrip('=')}")
    return f"<{said}@{parseaddr(sender)[1].partition('@')[2] or 'localhost'}>"


def number_in(message_id: str) -> Numbered | None:
    """Return what a ``Message-ID`` of ours says; None where it is not ours."""
    said = message_id.strip().removeprefix("<").partition("@")[0]
    try:
        whose = urlsafe_b64decode(_SIGNER.unsign(said).partition(".")[2] + "=")
        return Numbered(UUID(bytes=whose[:16]), UUID(bytes=whose[16:]))
    except (BadSignature, ValueError):
        return None
