"""The relation with a customer: from registration or first use until the account is closed.

Whoever works for the service is no customer of it. Clause: ekool-1.3.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Role
from skola.promises.policy import vocabulary
from skola.promises.policy.api import has, in_force
from skola.services.customers.models import Relation

CAPABILITY = "customers.relation"
STAFF = frozenset(vocabulary.STAFF_ROLES) - {"author", "instructor"}
"""Roles of those who work for the service itself; schools have authors and instructors, too."""


def register(person_id: UUID, kind: str = "", *, by: str, now: datetime) -> None:
    """Somebody was registered as a user, in a role or none: the relation begins."""
    if kind not in STAFF:
        _begin(person_id, Relation.Start.REGISTERED, by=by, now=now)


def note_use(person_id: UUID, *, now: datetime) -> None:
    """Somebody uses the service: if no relation runs, it begins with this. Twice is as once."""
    if not has(CAPABILITY, now=now) or latest(person_id) is not None:
        return
    held = Role.objects.filter(person=person_id, kind__in=STAFF, scope="").granted_at(now)
    if not held.exists():
        _begin(person_id, Relation.Start.USED, by=audit.pseudonym(person_id), now=now)


@transaction.atomic
def _begin(person_id: UUID, start: Relation.Start, *, by: str, now: datetime) -> None:
    if not has(CAPABILITY, now=now):
        return
    found = in_force(now)
    told = {
        "start": start,
        "version": found.version.name,
        "digest": found.hash,
        "started_at": now,
    }
    made, fresh = Relation.objects.get_or_create(person_id=person_id, ended_at=None, defaults=told)
    if fresh:
        audit.record(
            "customers.relation.begun",
            target=made,
            subject=person_id,
            by=by,
            at=now,
            detail={"start": str(start), "version": made.version},
        )


@transaction.atomic
def end(person_id: UUID, *, at: datetime, by: str, now: datetime) -> None:
    """The account was closed at a moment, and the relation has ended with it."""
    found = Relation.objects.active().filter(person=person_id).select_for_update().first()
    if found is None:
        return
    found.ended_at = max(at, found.started_at)
    found.save(update_fields=["ended_at"])
    audit.record("customers.relation.ended", target=found, subject=person_id, by=by, at=now)


def latest(person_id: UUID) -> Relation | None:
    """Return the latest relation with somebody, running or ended; None where there was none."""
    return Relation.objects.filter(person=person_id).order_by("-started_at").first()
