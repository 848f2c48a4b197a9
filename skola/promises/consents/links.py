"""The address by which a consent is withdrawn without signing in; nobody can guess it."""

from uuid import UUID

from django.core.signing import BadSignature, Signer

from skola.ground.db.purposes import SIGN_IN, reading_for
from skola.promises.consents.models import Consent

_LINK = Signer(salt="consents.link")


def token_of(one: Consent) -> str:
    """Return what opens the page of one consent for whoever has it; it does not expire."""
    return _LINK.sign(one.pk.hex)


@reading_for(SIGN_IN)
def consent_of(token: str) -> Consent | None:
    """Return the consent that a token is for; None where it is forged or the record is gone."""
    try:
        key = UUID(_LINK.unsign(token))
    except (BadSignature, ValueError):
        return None
    return Consent.objects.select_related("person").filter(pk=key).first()
