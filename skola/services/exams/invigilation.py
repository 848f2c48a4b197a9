"""What an invigilator sees of a date that runs: three queries, however many sit there."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from skola.ground.people.api import Person
from skola.services.exams import rules
from skola.services.exams.models import Attempt, Note, Sitting
from skola.services.exams.models.asked import SittingQuerySet
from skola.services.exams.rules import Need, Standing

URGENT = tuple(Need)


@dataclass(frozen=True)
class Seat:
    """A candidate as an invigilator sees them, without any of their answers."""

    attempt: Attempt
    need: Need
    silent: int
    """For how many minutes nothing arrived from them."""
    asks: str
    """What they asked for last, until somebody has answered."""
    flags: int
    answered: int
    extra: int
    """Minutes that were added."""

    @property
    def heard_at(self) -> datetime | None:
        """When the last part of the film arrived."""
        recording = getattr(self.attempt, "recording", None)
        found: datetime | None = recording.arrived_at if recording else None
        return found


def watched(person: Person, now: datetime) -> SittingQuerySet:
    """Return the dates over which somebody watches, with their questions and whether they run."""
    mine = Sitting.objects.with_running(now).filter(invigilators__person=person)
    return mine.select_related("exam").annotate(asked=Count("exam__questions", distinct=True))


def seats(sitting: Sitting, now: datetime) -> list[Seat]:
    """Return everybody who has a place, who needs somebody first, then by name."""
    found = (
        Attempt.objects.filter(sitting=sitting)
        .select_related("person", "identity", "recording")
        .annotate(answered=Count("answers", filter=~Q(answers__given=[])))
    )
    said: dict[UUID, list[Note]] = defaultdict(list)
    for one in Note.objects.filter(attempt__sitting=sitting).order_by("at", "pk"):
        said[one.attempt_id].append(one)
    made = [_seat(one, said[one.pk], now) for one in found]
    return sorted(made, key=_order)


def _order(seat: Seat) -> tuple[int, str, str]:
    person = seat.attempt.person
    return URGENT.index(seat.need), person.family_name, person.given_name


def _seat(attempt: Any, notes: Sequence[Note], now: datetime) -> Seat:
    asked = [one for one in notes if one.kind == Note.Kind.HELP]
    told = [one for one in notes if one.kind in (Note.Kind.MESSAGE, Note.Kind.TIME)]
    flags = sum(one.kind == Note.Kind.FLAG for one in notes)
    heard = _heard(attempt)
    stands = Standing(
        papers_wait=hasattr(attempt, "identity") and not attempt.identity.outcome,
        begun=attempt.begun_at is not None,
        finished=attempt.finished_at is not None,
        asked_at=asked[-1].at if asked else None,
        answered_at=told[-1].at if told else None,
        heard_at=heard,
        flags=flags,
    )
    wants = rules.waits_for_help(stands.asked_at, stands.answered_at)
    writes = stands.begun and not stands.finished
    return Seat(
        attempt,
        rules.need(stands, now),
        rules.minutes_silent(heard, now) if writes else 0,
        asked[-1].text if wants and writes else "",
        flags,
        attempt.answered,
        sum(one.minutes or 0 for one in notes),
    )


def _heard(attempt: Attempt) -> datetime | None:
    """When something arrived from a filmed candidate last; their start, where nothing has yet."""
    recording = getattr(attempt, "recording", None)
    if recording is None:
        return None
    found: datetime | None = recording.arrived_at or attempt.begun_at
    return found


def counts(seats: Sequence[Seat]) -> dict[str, int]:
    """Return how many write, ask for help, are offline, and are done."""
    found = {one.value: sum(each.need == one for each in seats) for one in Need}
    writing = (Need.HELP, Need.OFFLINE, Need.FLAGGED, Need.WRITING)
    return {**found, "writes": sum(each.need in writing for each in seats)}


def seat(sitting: Sitting, pk: UUID, now: datetime) -> Seat | None:
    """Return one candidate of a date, or None."""
    return next((one for one in seats(sitting, now) if one.attempt.pk == pk), None)
