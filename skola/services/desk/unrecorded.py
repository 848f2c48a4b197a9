"""The list of numbers that are not recorded: whose callers objected to it (ema-4.2).

Nothing is stored for it. It is read from the objections, so it begins with one, ends with its
refusal or withdrawal, and goes with the person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from skola.ground.db.purposes import RIGHTS, reading_for
from skola.promises.policy.api import NoPolicyError, in_force
from skola.promises.rights.api import Objection, objections_to
from skola.services.desk.models import Call
from skola.services.desk.rules import plain_number

RECORDS = frozenset({"desk.calls", "recordings.review"})
"""What the software does with sound; whoever objects to a purpose of it is not recorded."""


@dataclass(frozen=True)
class Unrecorded:
    """A number that is not recorded, since when, and whether that is decided."""

    number: str
    since_at: datetime
    state: str


@reading_for(RIGHTS)
def unrecorded(now: datetime) -> Sequence[Unrecorded]:
    """Return the numbers that are not recorded, latest objection first."""
    objections = _objections(now)
    numbers: dict[UUID, set[str]] = {}
    calls = Call.objects.filter(person__in=objections).exclude(number="")
    for person, number in calls.values_list("person_id", "number"):
        numbers.setdefault(person, set()).add(number)
    found = [
        Unrecorded(number, one.since_at, one.get_state_display())
        for one in objections.values()
        for number in sorted(numbers.get(one.person_id, set()) | set(_phone_of(one)))
    ]
    return sorted(found, key=lambda one: one.since_at, reverse=True)


def is_unrecorded(number: str, *, now: datetime) -> bool:
    """Whether no sound is kept of calls of a number."""
    plain = plain_number(number)
    return bool(plain) and any(one.number == plain for one in unrecorded(now))


def _objections(now: datetime) -> dict[UUID, Objection]:
    try:
        purposes = in_force(now).policy.purpose
    except NoPolicyError:  # nobody objected to what no policy has
        return {}
    uses = [one.id for one in purposes if RECORDS.intersection(one.enables)]
    return {one.person_id: one for one in objections_to(uses)}


def _phone_of(objection: Objection) -> Iterator[str]:
    if objection.person.phone:
        yield plain_number(objection.person.phone)
