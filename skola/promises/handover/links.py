"""The address by which somebody objects without signing in; nobody can guess it."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from skola.ground.db.purposes import SIGN_IN, reading_for
from skola.ground.people.api import Person
from skola.ground.tenants.api import current_id, site

_LINK = Signer(salt="handover.link")


def token_of(person: Person) -> str:
    """Return what opens the page of somebody's objection for whoever has it."""
    return _LINK.sign(f"{current_id().hex}.{person.pk.hex}")


def address_for(person: Person) -> str:
    """Return the address of that page, as it stands in a mail."""
    return site() + reverse("handover:by_link", args=[token_of(person)])


@reading_for(SIGN_IN)
def person_of(token: str) -> Person | None:
    """Return whom a token is for; None where it is forged, foreign, or they are gone."""
    try:
        tenant, _dot, key = _LINK.unsign(token).partition(".")
        if tenant != current_id().hex:
            return None
        return Person.objects.filter(pk=UUID(key)).first()
    except (BadSignature, ValueError):
        return None
