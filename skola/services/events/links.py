"""The signed address under which somebody sees their registration, with an account or without."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from skola.services.events.models import Registration

_LINK = Signer(salt="events.registration")


def address_of(registration: Registration) -> str:
    """Return the path of the page of a registration; who has it needs no account."""
    return reverse("events:mine", args=[_LINK.sign(str(registration.pk))])


def key_in(token: str) -> UUID:
    """Return the key of the registration that a token is for. Raises Http404."""
    try:
        return UUID(_LINK.unsign(token))
    except (BadSignature, ValueError):
        raise Http404 from None
