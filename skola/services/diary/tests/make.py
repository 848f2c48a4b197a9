"""Makers of the diary for tests: plain functions with honest defaults."""

from dataclasses import dataclass
from datetime import date, datetime

from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.services.diary import actions
from skola.services.diary.models import AbsenceNote, Assessment, Lesson, Mark
from skola.services.school.models import Group, Pupil, School, SchoolClass, Slot
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY

TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class World:
    """A school with a class in which somebody teaches mathematics on Mondays at 8:55."""

    school: School
    school_class: SchoolClass
    teacher: Person
    group: Group
    slot: Slot
    pupils: list[Pupil]

    @property
    def pupil(self) -> Pupil:
        """One of the pupils."""
        return self.pupils[0]


def world(*, pupils: int = 2, name: str = "Lepiku Kool", at: datetime = A_DAY) -> World:
    """A school as small as it can be."""
    school = schools.school(name, at=at)
    school_class = schools.school_class(school, at=at)
    there = [schools.pupil(school_class, given_name=f"Mari {n:02}", at=at) for n in range(pupils)]
    teacher = people.account().person
    group = schools.group(school_class, teacher, at=at)
    return World(school, school_class, teacher, group, schools.slot(group, at=at), there)


def lesson(
    where: World,
    on: date = TODAY,
    *,
    topic: str = "Fractions",
    homework: str = "",
    at: datetime = A_DAY,
) -> Lesson:
    """A lesson with its topic."""
    return actions.enter_lesson(
        where.slot, on, topic=topic, homework=homework, due_on=None, by="teacher", now=at
    )


def assessment(where: World, *, kind: str = "test", on: date = TODAY) -> Assessment:
    """A test."""
    return actions.add_assessment(
        where.group, on=on, kind=kind, title="Fractions", by="teacher", now=A_DAY
    )


def mark(
    where: World,
    pupil: Pupil,
    value: str = "4",
    *,
    of: Assessment | None = None,
    at: datetime = A_DAY,
) -> Mark:
    """A mark of a pupil."""
    made = actions.give_mark(
        of or assessment(where), pupil, value, author=where.teacher, by="teacher", now=at
    )
    assert made is not None
    return made


def note(pupil: Pupil, sender: Person, *, on: date = TODAY, reason: str = "illness") -> AbsenceNote:
    """A note for one day."""
    return actions.send_note(
        pupil,
        first_on=on,
        last_on=on,
        reason=reason,
        text="A cold.",
        sender=sender,
        by="guardian",
        now=A_DAY,
    )
