"""The signed address under which somebody without an account sees their application."""

from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from skola.services.groups.actions import Link
from skola.services.groups.models import Application

_LINK = Signer(salt="groups.application")


def address_of(application: Application) -> str:
    """Return the path of the page of an application; who has it needs no account."""
    return reverse("groups:mine", args=[_LINK.sign(str(application.pk))])


def links(request: Any) -> Link:
    """Return what gives the whole address of an application's page, for mails."""
    return lambda application: str(request.build_absolute_uri(address_of(application)))


def key_in(token: str) -> UUID:
    """Return the key of the application that a token is for. Raises Http404."""
    try:
        return UUID(_LINK.unsign(token))
    except (BadSignature, ValueError):
        raise Http404 from None
