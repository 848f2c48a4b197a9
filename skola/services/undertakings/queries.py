"""Reads of undertakings."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from skola.ground.people.api import Person, Role
from skola.promises.policy.api import NoPolicyError, has, in_force
from skola.services.undertakings.models import Undertaking

CAPABILITY = "staff.undertaking"


def rule(now: datetime) -> Any:
    """Return ``[undertaking]`` of the policy in force, or None where nobody has to sign."""
    try:
        return in_force(now).policy.undertaking if has(CAPABILITY, now=now) else None
    except NoPolicyError:
        return None


def roles_that_ask(now: datetime) -> QuerySet[Role]:
    """Return the roles granted now that ask for a signature, given or not."""
    found = rule(now)
    kinds = found.roles if found else []
    return Role.objects.granted_at(now).filter(kind__in=kinds)


def unsigned(person: Person, now: datetime) -> QuerySet[Role]:
    """Return the roles of somebody that open nothing before they have signed."""
    return roles_that_ask(now).filter(person=person, is_unsigned=True)


def signed(person: Person, now: datetime) -> Undertaking | None:
    """Return what somebody has signed of the version in force."""
    found = rule(now)
    if found is None:
        return None
    return Undertaking.objects.filter(person=person, version=found.version).first()


def everybody() -> QuerySet[Undertaking]:
    """Return all that was ever signed, latest first, of closed accounts too."""
    return Undertaking.objects.select_related("person").order_by("-signed_at", "-pk")
