"""A class at a glance: absences by pupil, and the days of the class as a grid."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from skola.services.diary import rules
from skola.services.diary.models import Absence, AbsenceNote
from skola.services.diary.queries import explained_by
from skola.services.school import api as school

DAYS = 10
"""School days in the grid of a class."""


@dataclass(frozen=True)
class Line:
    """A pupil's absences since the year began, in lessons."""

    pupil: school.Pupil
    absent: int
    late: int
    unexplained: int


@dataclass(frozen=True)
class Square:
    """A pupil's day: how many lessons away, and whether that is explained."""

    absent: int
    late: int
    state: str
    """``yes``, ``waiting`` or ``no``; empty where nobody was missed."""


@dataclass(frozen=True)
class Grid:
    """Pupils by days."""

    days: Sequence[date]
    rows: Sequence[tuple[school.Pupil, Sequence[Square]]]


def notes_of(found: school.SchoolClass) -> list[AbsenceNote]:
    """Return all notes of a class, oldest first, with pupil and sender, in one query."""
    notes = AbsenceNote.objects.filter(pupil__school_class=found)
    return list(notes.select_related("pupil__person", "sender").order_by("sent_at"))


def _spans(notes: Sequence[AbsenceNote]) -> dict[UUID, list[rules.Span]]:
    by_pupil: dict[UUID, list[AbsenceNote]] = {}
    for note in notes:
        by_pupil.setdefault(note.pupil_id, []).append(note)
    return {key: explained_by(there) for key, there in by_pupil.items()}


def lines(found: school.SchoolClass, notes: Sequence[AbsenceNote], today: date) -> list[Line]:
    """Return the class with its absences, in two queries; ``notes`` are those of the class."""
    pupils = school.pupils_of(found.pk, today)
    spans = _spans(notes)
    absent: Counter[UUID] = Counter()
    late: Counter[UUID] = Counter()
    unexplained: Counter[UUID] = Counter()
    missed = Absence.objects.filter(pupil__in=[one.pk for one in pupils])
    for pupil, kind, on in missed.values_list("pupil_id", "kind", "lesson__on"):
        if kind == Absence.Kind.LATE:
            late[pupil] += 1
            continue
        absent[pupil] += 1
        if rules.explained(on, spans.get(pupil, ())) != rules.Explained.YES:
            unexplained[pupil] += 1
    return [Line(one, absent[one.pk], late[one.pk], unexplained[one.pk]) for one in pupils]


def grid(found: school.SchoolClass, notes: Sequence[AbsenceNote], today: date) -> Grid:
    """Return the last school days of a class by pupil, in two queries."""
    days = [day for day in (today - timedelta(days=ago) for ago in range(14)) if day.weekday() < 5]
    days = sorted(days[:DAYS])
    pupils = school.pupils_of(found.pk, today)
    spans = _spans(notes)
    absent: Counter[tuple[UUID, date]] = Counter()
    late: Counter[tuple[UUID, date]] = Counter()
    missed = Absence.objects.filter(pupil__in=[one.pk for one in pupils], lesson__on__in=days)
    for pupil, kind, on in missed.values_list("pupil_id", "kind", "lesson__on"):
        (late if kind == Absence.Kind.LATE else absent)[pupil, on] += 1
    rows = []
    for one in pupils:
        squares = []
        for day in days:
            away, tardy = absent[one.pk, day], late[one.pk, day]
            told = rules.explained(day, spans.get(one.pk, ()))
            noted = away or told == rules.Explained.WAITING
            squares.append(Square(away, tardy, str(told) if noted else ""))
        rows.append((one, squares))
    return Grid(days, rows)
