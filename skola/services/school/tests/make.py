"""Makers of schools for tests: plain functions with honest defaults."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.services.school import actions
from skola.services.school.models import Bell, Group, Pupil, School, SchoolClass, Slot

A_DAY = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
"""A Monday, nine o'clock in Tallinn."""
TALLINN = ZoneInfo("Europe/Tallinn")
FIRST = date(2025, 9, 1)
LAST = date(2026, 8, 31)


def school(name: str = "Lepiku Kool", *, at: datetime = A_DAY) -> School:
    """A school with bells and this school year."""
    made = actions.open_school(name=name, municipality="Lepiku", by="staff", now=at)
    actions.begin_year(made, starts_on=FIRST, ends_on=LAST, zone=TALLINN, by="staff", now=at)
    return made


def school_class(
    where: School | None = None, name: str = "7.B", *, pupils: int = 0, at: datetime = A_DAY
) -> SchoolClass:
    """A class with some pupils."""
    where = where or school(at=at)
    made = actions.open_class(where.years.get(), name=name, grade=7, by="school", now=at)
    for number in range(pupils):
        pupil(made, given_name=f"Mari {number:02}", at=at)
    return made


def pupil(
    where: SchoolClass,
    person: Person | None = None,
    *,
    given_name: str = "Mari",
    family_name: str = "Mets",
    birth_on: date | None = date(2012, 5, 4),
    at: datetime = A_DAY,
) -> Pupil:
    """Somebody in a class since the first day of the year."""
    if person is None:
        person = people.person(given_name=given_name, family_name=family_name)
        person.birth_on = birth_on
        person.save()
    return actions.enter_pupil(where, person, joined_on=FIRST, by="school", now=at)


def group(
    where: SchoolClass,
    teacher: Person | None = None,
    *,
    subject: str = "Matemaatika",
    scale: str = "1-5",
    at: datetime = A_DAY,
) -> Group:
    """A class in a subject, taught by somebody."""
    found = where.year.school.subjects.filter(name=subject).first()
    found = found or actions.add_subject(
        where.year.school, name=subject, scale=scale, by="school", now=at
    )
    return actions.form_group(where, found, teacher=teacher, by="school", now=at)


def slot(
    of: Group, *, weekday: int = 1, number: int = 2, room: str = "12", at: datetime = A_DAY
) -> Slot:
    """A lesson every Monday at 8:55, unless it is said otherwise."""
    bell = Bell.objects.get(school=of.school_class.year.school_id, number=number)
    return actions.add_slot(
        of, bell, weekday=weekday, room=room, from_on=FIRST, by="school", now=at
    )


def guardian(child: Person, powers: tuple[str, ...] = ("see", "marks", "excuse")) -> Person:
    """Somebody proven who stands for a child."""
    from skola.ground.people.api import name_guardian, verify_guardianship

    made = people.account().person
    link = name_guardian(child, made, powers=powers, by="school", now=A_DAY - timedelta(days=9))
    verify_guardianship(link, proof="school", by="school", now=A_DAY - timedelta(days=9))
    return made
