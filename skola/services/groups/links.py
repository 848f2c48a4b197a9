"""The signed address under which somebody without an account sees their application."""

from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from skola.services.groups.actions import Link
from skola.services.groups.models import Application, Booking, Participant, Run

_LINK = Signer(salt="groups.application")


def address_of(application: Application) -> str:
    """Return the path of the page of an application; who has it needs no account."""
    return reverse("groups:mine", args=[_LINK.sign(str(application.pk))])


def links(request: Any) -> Link:
    """Return what gives the whole address of an application's page, for mails."""
    return lambda application: str(request.build_absolute_uri(address_of(application)))


_BOOKING = Signer(salt="groups.booking")


def address_of_booking(booking: Booking) -> str:
    """Return the path of the page on which a company finds its contract."""
    return reverse("groups:booking", args=[_BOOKING.sign(str(booking.pk))])


def booking_in(token: str) -> UUID:
    """Return the key of the booking that a token is for. Raises Http404."""
    try:
        return UUID(_BOOKING.unsign(token))
    except (BadSignature, ValueError):
        raise Http404 from None


_PHONE = "groups.application"
"""Where a session keeps whose phone it is, once they asked for it."""


def remember_phone(request: Any, application: Application) -> None:
    """Know this browser from now on as that of who sent the application, to sign attendance."""
    kept = request.session.get(_PHONE, [])
    request.session[_PHONE] = [str(application.pk), *kept][:5]


def seat_on_this_phone(request: Any, run: Run) -> Participant | None:
    """Return the seat in a run of whose phone this is."""
    kept = request.session.get(_PHONE, [])
    if not kept:
        return None
    found = Participant.objects.filter(application__in=kept, run=run, left_at=None)
    return found.select_related("person").first()


def key_in(token: str) -> UUID:
    """Return the key of the application that a token is for. Raises Http404."""
    try:
        return UUID(_LINK.unsign(token))
    except (BadSignature, ValueError):
        raise Http404 from None
