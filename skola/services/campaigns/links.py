"""The addresses that messages carry: for choosing, for refusing, for what is measured."""

from dataclasses import dataclass
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from skola.ground.tenants.api import site
from skola.services.campaigns.digests import digest

_READER = Signer(salt="campaigns.reader", sep="~")
_MEASURED = Signer(salt="campaigns.measured", sep="~")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a message: a person, the digest of the address, the kind of message."""

    person: UUID
    digest: str
    kind: str


def token_of(person: UUID, address: str, kind: str = "") -> str:
    """Return the word under which somebody chooses without signing in; it has no end."""
    return _READER.sign(f"{person}.{digest(address)}.{kind}")


def reader_of(token: str) -> Reader:
    """Return whose word it is. Raises Http404."""
    try:
        person, digested, kind = _READER.unsign(token).split(".", 2)
        return Reader(UUID(person), digested, kind)
    except (BadSignature, ValueError):
        raise Http404 from None


def choices_at(token: str) -> str:
    """Return the path of the page on which a reader chooses."""
    return reverse("campaigns:choices", args=[token])


def choices_link(person: UUID, address: str) -> str:
    """Return the whole address of that page, for mails of other rooms (learnifier-9.a)."""
    return site() + choices_at(token_of(person, address))


def stop_at(token: str) -> str:
    """Return the path that stops everything of a kind, by a post without any question."""
    return reverse("campaigns:stop", args=[token])


def measured_link(delivery: UUID) -> str:
    """Return the path of a link whose use is counted before it leads on."""
    return reverse("campaigns:go", args=[_MEASURED.sign(str(delivery))])


def beacon_at(delivery: UUID) -> str:
    """Return the path of the transparent picture by which opening is counted."""
    return reverse("campaigns:seen", args=[_MEASURED.sign(str(delivery))])


def delivery_in(token: str) -> UUID:
    """Return whose link it is. Raises Http404."""
    try:
        return UUID(_MEASURED.unsign(token))
    except (BadSignature, ValueError):
        raise Http404 from None
