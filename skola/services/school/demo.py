"""A school, invented: its people come from the crowd of the demo, its year is that of today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from skola.ground.people.api import Guardianship, Person, Role
from skola.promises.policy.api import has
from skola.promises.retention.api import record_history
from skola.services.school import actions, queries, rules
from skola.services.school.models import (
    CLASS,
    GROUP,
    SCHOOL,
    Bell,
    Change,
    Group,
    Pupil,
    School,
    SchoolClass,
    Slot,
    Subject,
    Year,
)

NAME, OTHER = "Lepiku Kool", "Kase Kool"
PUPIL, TEACHER, PARENT, HEAD = "Mirtel", "Kadri", "Andres", "Helve"
"""Given names of the personas that have a place in the school."""
CLASSES = (("7.B", 7), ("8.A", 8), ("9.A", 9))
SUBJECTS = ("Matemaatika", "Eesti keel", "Inglise keel", "Ajalugu", "Loodusõpetus", "Kunst")
PASSING = "Kunst"
LESSONS = 5
"""Lessons a day."""
MOST = 26
"""Pupils of a class at most."""
WHOLE, LARGEST = 300, 1_000
"""From so many pupils on it is a whole school of all grades; a school has so many at most."""


def classes_for(pupils: int) -> list[tuple[str, int]]:
    """Return the classes of a school of so many pupils, with their grades; three of a small one."""
    if pupils < WHOLE:
        return list(CLASSES)
    wanted = -(-min(pupils, LARGEST) // MOST)
    more = [(f"{grade}.{letter}", grade) for letter in "ABCD" for grade in range(1, 13)]
    return [*CLASSES, *(one for one in more if one not in CLASSES)][:wanted]


def crowd_for(pupils: int) -> int:
    """Return how many people a school of about so many pupils is made of, staff included."""
    return pupils + 2 * len(classes_for(pupils)) + 10 if pupils else 0


@dataclass(frozen=True)
class Cast:
    """Who does what in the school of the demo."""

    pupil: Person
    teacher: Person
    parent: Person | None
    head: Person | None
    teachers: Sequence[Person]
    pupils: Sequence[Person]

    @property
    def classes(self) -> list[tuple[str, int]]:
        """The names and grades of the classes."""
        return classes_for(len(self.pupils) + 1)


def cast(people: Sequence[Person]) -> Cast | None:
    """Choose who is what; None where the personas of a school are missing."""
    named = {one.given_name: one for one in reversed(people[:10])}
    if PUPIL not in named or TEACHER not in named:
        return None
    crowd = [one for one in people if one.status == Person.Status.ACTIVE][len(people[:10]) :]
    staff = max(1, min(len(crowd) // 6, len(SUBJECTS) - 1))
    most = MOST * len(CLASSES)
    if len(crowd) - staff >= WHOLE:
        staff, most = 2 * len(classes_for(len(crowd))), LARGEST
    return Cast(
        named[PUPIL],
        named[TEACHER],
        named.get(PARENT),
        named.get(HEAD),
        crowd[:staff],
        crowd[staff:][: most - 1],
    )


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Make a school of the speaking tenant, if its policy has a diary, and another beside it."""
    chosen = cast(people) if has("diary.school", now=now) else None
    if chosen is None:
        return
    zone, today = queries.zone(now), queries.today(now)
    first, last = rules.school_year(today)
    begun = rules.moment(first, datetime.min.time(), zone)
    school = actions.open_school(name=NAME, municipality="Lepiku vald", by="demo", now=begun)
    year = actions.begin_year(
        school, starts_on=first, ends_on=last, zone=zone, by="demo", now=begun
    )
    classes = SchoolClass.objects.bulk_create(
        SchoolClass(year=year, name=name, grade=grade) for name, grade in chosen.classes
    )
    _enter(chosen, classes, year, begun)
    groups = _groups(school, classes)
    _roles(chosen, school, classes, groups, begun)
    _timetable(school, classes, groups, first)
    _today(chosen, groups, today, now)
    if chosen.parent is not None and chosen.teachers:
        actions.ask_for_link(
            chosen.teachers[0],
            school,
            child_name=chosen.pupils[0].name if chosen.pupils else chosen.pupil.name,
            child_birth_on=date(first.year - 13, 4, 2),
            words="Olen lapse ema.",
            by="demo",
            now=now - timedelta(hours=20),
        )
    actions.open_school(name=OTHER, municipality="Kase linn", by="demo", now=begun)


def _enter(chosen: Cast, classes: Sequence[SchoolClass], year: Year, begun: datetime) -> None:
    pupils = [chosen.pupil, *chosen.pupils]
    for place, person in enumerate(pupils):
        grade = classes[place % len(classes)].grade
        person.birth_on = date(
            year.starts_on.year - 6 - grade, 1 + place % 12, 1 + (7 * place) % 28
        )
        person.source = "school"
    Person.objects.bulk_update(pupils, ["birth_on", "source"], batch_size=500)
    Pupil.objects.bulk_create(
        Pupil(
            school_class=classes[place % len(classes)],
            person=person,
            joined_on=year.starts_on,
            created_at=begun,
        )
        for place, person in enumerate(pupils)
    )
    record_history(states=[(one.pk, "enrolment.active", begun, None) for one in pupils])


def _groups(school: School, classes: Sequence[SchoolClass]) -> list[Group]:
    subjects = Subject.objects.bulk_create(
        Subject(
            school=school,
            name=name,
            scale=rules.Scale.PASSING if name == PASSING else rules.Scale.FIVE,
        )
        for name in SUBJECTS
    )
    return Group.objects.bulk_create(
        Group(school_class=one, subject=subject) for one in classes for subject in subjects
    )


def _roles(
    chosen: Cast,
    school: School,
    classes: Sequence[SchoolClass],
    groups: Sequence[Group],
    begun: datetime,
) -> None:
    staff = [chosen.teacher, *chosen.teachers]
    others = chosen.teachers or [chosen.teacher]
    held = [(chosen.teacher, Role.Kind.TEACHER, CLASS, classes[0].pk)]
    held += [
        (others[place % len(others)], Role.Kind.TEACHER, CLASS, one.pk)
        for place, one in enumerate(classes[1:])
    ]
    held += [
        (staff[place % len(staff)], Role.Kind.TEACHER, GROUP, one.pk)
        for place, one in enumerate(groups)
    ]
    if chosen.head is not None:
        held += [(chosen.head, Role.Kind.SCHOOL, SCHOOL, school.pk)]
    Role.objects.bulk_create(
        Role(person=person, kind=kind, scope=scope, scope_id=about, starts_at=begun)
        for person, kind, scope, about in held
    )
    record_history(states=[(one.pk, "employment.active", begun, None) for one in staff])
    Guardianship.objects.filter(child=chosen.pupil).update(starts_at=begun)


def _timetable(
    school: School, classes: Sequence[SchoolClass], groups: Sequence[Group], first: date
) -> None:
    bells = list(Bell.objects.filter(school=school).order_by("number"))
    by_class = {one.pk: [g for g in groups if g.school_class_id == one.pk] for one in classes}
    Slot.objects.bulk_create(
        Slot(
            group=by_class[one.pk][(day + number + place) % len(SUBJECTS)],
            bell=bells[number],
            weekday=day,
            room=str(100 + (day + number + place) % len(SUBJECTS)),
            from_on=first,
        )
        for place, one in enumerate(classes)
        for day in range(1, 6)
        for number in range(LESSONS)
    )


def _today(chosen: Cast, groups: Sequence[Group], today: date, now: datetime) -> None:
    """On the next school day one lesson falls out, and somebody stands in for another."""
    day = today
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    slots = list(
        Slot.objects.filter(weekday=day.isoweekday(), group__school_class=groups[0].school_class_id)
        .exclude(group__subject__name=SUBJECTS[0])
        .order_by("bell__number")
    )
    Change.objects.bulk_create(
        [
            Change(slot=slots[-1], on=day, is_cancelled=True, created_at=now),
            Change(slot=slots[0], on=day, room="204", teacher=chosen.teacher, created_at=now),
        ]
    )
