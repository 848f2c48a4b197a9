"""Counting for statements. Names are not read; whole numbers leave through ``publish_table``."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from skola.ground.people.api import Person
from skola.promises.statistics.api import Counts
from skola.services.diary import api as diary
from skola.services.school import api as school
from skola.services.statements import rules
from skola.services.statements.models import Statement
from skola.services.statements.rules import About


def counts_of(where: school.School, about: str, from_on: date, until_on: date) -> Counts | None:
    """Return a school's numbers about days of one school year, or None where it had no pupils then.

    Pupils by class are those who were in it on one of the days. The numbers of a line are of
    different pupils, and so are the lines, except for results: each subject counts all of its
    pupils.
    """
    found = school.Pupil.objects.filter(
        school_class__year__school=where,
        school_class__year__starts_on__lte=from_on,
        school_class__year__ends_on__gte=until_on,
        joined_on__lte=until_on,
    ).exclude(left_on__lt=from_on)
    there = list(found.values_list("pk", "school_class", "school_class__name", "left_on"))
    if not there:
        return None
    if about == About.RESULTS:
        return _results(there, from_on, until_on)
    lessons: dict[UUID, int] = {}
    if about == About.ATTENDANCE:
        lessons = diary.lessons_missed([one[0] for one in there], from_on, until_on)
    told = []
    for pk, _class, name, left_on in there:
        band: str = rules.missed(lessons.get(pk, 0))
        told.append((name, rules.place(left_on, until_on) if about == About.PUPILS else band))
    return _table(about, told)


def _results(
    there: Sequence[tuple[UUID, UUID, str, date | None]], from_on: date, until_on: date
) -> Counts | None:
    marks: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    for pupil, subject, value in diary.marks_given([one[0] for one in there], from_on, until_on):
        marks[pupil, subject].append(value)
    taught: dict[UUID, list[str]] = defaultdict(list)
    groups = school.Group.objects.filter(school_class__in={one[1] for one in there})
    for of, subject in groups.values_list("school_class", "subject__name"):
        taught[of].append(subject)
    told = [
        (subject, rules.result(marks.get((pk, subject), ())))
        for pk, of, _name, _left in there
        for subject in taught[of]
    ]
    return _table(About.RESULTS, told) if told else None


def _table(about: str, told: Sequence[tuple[str, str]]) -> Counts:
    rows = sorted({row for row, _band in told})
    bands = rules.BANDS[About(about)]
    return Counts(tuple(rows), tuple(bands), rules.tally(rows, bands, told))


def source_of(where: school.School, about: str) -> str:
    """Return the name of what is counted, for ``publish_table``."""
    return f"statements.{about}:{where.pk}"


def given_to(person: Person, now: datetime) -> QuerySet[Statement]:
    """Return what somebody reads as the representative of an authority, newest first."""
    return (
        Statement.objects.given_to(person, now)
        .select_related("school", "table")
        .order_by("-given_at", "pk")
    )


def of_school(where: school.School) -> QuerySet[Statement]:
    """Return a school's statements, newest first."""
    return (
        Statement.objects.filter(school=where)
        .select_related("school", "table")
        .order_by("-given_at", "pk")
    )
