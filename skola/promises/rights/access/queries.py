"""Copies as their person sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from skola.promises.policy.api import InForce
from skola.promises.rights.access.told import answer_due, right_of
from skola.promises.rights.models import Export


@dataclass(frozen=True)
class Offer:
    """A kind of copy that the policy gives a right to, and by when the law has it answered."""

    kind: str
    clauses: tuple[str, ...]
    due_on: date | None


def offers(found: InForce, now: datetime) -> tuple[Offer, ...]:
    """Return the kinds of copies that a person may ask for now."""
    said: Mapping[str, tuple[str, ...] | None] = {
        kind: right_of(found, kind) for kind in Export.Kind.values
    }
    return tuple(
        Offer(kind, clauses, answer_due(found, kind, now))
        for kind, clauses in said.items()
        if clauses is not None
    )


def exports_of(person_id: UUID, *, now: datetime) -> list[Export]:
    """Return the copies of a person that have not ended, newest first."""
    found = Export.objects.filter(person_id=person_id, expires_at__gt=now)
    return list(found.select_related("file").order_by("-asked_at", "-pk"))
