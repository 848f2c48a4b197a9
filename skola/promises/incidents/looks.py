"""Whose data an account has seen or changed: from the audit, and from logs of rooms."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from skola.ground.audit import api as audit
from skola.ground.db.purposes import RIGHTS, reading_for

Looks = Callable[[UUID, datetime, datetime], Iterable[UUID]]
_rooms: dict[str, Looks] = {}


def log_of_looks(name: str, looks: Looks) -> None:
    """Let a room say whose data somebody looked at between two moments, by a log of its own."""
    _rooms[name] = looks


@reading_for(RIGHTS)
def touched_by(person_id: UUID, since: datetime, until: datetime) -> frozenset[UUID]:
    """Return the people whose data somebody's account touched from ``since`` to ``until``."""
    found = set(audit.people_touched_by(person_id, since=since, until=until))
    for looks in _rooms.values():
        found |= set(looks(person_id, since, until))
    return frozenset(found - {person_id})
