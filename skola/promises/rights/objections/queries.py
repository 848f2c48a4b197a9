"""Whose data may not be used for what."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from skola.ground.db.purposes import RIGHTS, reading_for
from skola.promises.policy.api import in_force
from skola.promises.rights.models import Objection
from skola.promises.rights.objections import rules


@reading_for(RIGHTS)
def stopped_of(person_id: UUID) -> frozenset[str]:
    """Return the purposes that are stopped for a person, by their ids."""
    found = Objection.objects.stopping().filter(person_id=person_id)
    return frozenset(found.values_list("purpose", flat=True))


@reading_for(RIGHTS)
def stopping(person_id: UUID, purpose: str) -> Objection | None:
    """Return the objection that stops a purpose for a person now."""
    return Objection.objects.stopping().filter(person_id=person_id, purpose=purpose).first()


def is_stopped(person_id: UUID | None, purpose: str) -> bool:
    """Whether a person's data may not be used for this purpose; nobody stops anything."""
    return person_id is not None and purpose in stopped_of(person_id)


def may_use(person_id: UUID | None, capability: str, *, now: datetime) -> bool:
    """Whether a person's data may be used for what this capability does.

    False where they objected to every purpose that enables it.
    """
    stopped = stopped_of(person_id) if person_id is not None else frozenset()
    return not stopped or rules.may_use(in_force(now).policy, capability, stopped)


def who_stopped(purpose: str) -> "QuerySet[Objection, UUID]":
    """Return the people for whom a purpose is stopped, to be left out of what is done for it."""
    return Objection.objects.stopping().filter(purpose=purpose).values_list("person_id", flat=True)


@reading_for(RIGHTS)
def objections_to(purposes: Iterable[str]) -> Sequence[Objection]:
    """Return what stops these purposes, each with its person, earliest first."""
    found = Objection.objects.stopping().filter(purpose__in=list(purposes))
    return list(found.select_related("person").order_by("since_at", "pk"))


def of_request(request: UUID) -> Sequence[Objection]:
    """Return what a request objects to, by purpose."""
    return list(Objection.objects.filter(request=request).order_by("purpose"))
