"""The signed address under which somebody answers an invitation, without signing in."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from skola.promises.accuracy.models import Invitation

_LINK = Signer(salt="accuracy.invitation")


def address_of(invitation: Invitation) -> str:
    """Return the path of the page on which an invitation is answered."""
    return reverse("accuracy:answer", args=[_LINK.sign(str(invitation.pk))])


def key_in(token: str) -> UUID:
    """Return the key of the invitation that a token is for. Raises Http404."""
    try:
        return UUID(_LINK.unsign(token))
    except (BadSignature, ValueError):
        raise Http404 from None
