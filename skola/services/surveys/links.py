"""The signed address under which somebody answers; it needs no account."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from skola.services.surveys.models import Invitation

_LINK = Signer(salt="surveys.invitation")


def address_of(invitation: Invitation) -> str:
    """Return the path of the form."""
    return reverse("surveys:answer", args=[_LINK.sign(str(invitation.pk))])


def invitation_in(token: str) -> UUID:
    """Return the key of the invitation that a token is for. Raises Http404."""
    try:
        return UUID(_LINK.unsign(token))
    except (BadSignature, ValueError):
        raise Http404 from None
