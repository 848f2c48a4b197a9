"""Reads of the diary that more than one caller needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from skola.ground.people.api import Guardianship, Person, guarded_by
from skola.promises.policy.api import in_force
from skola.promises.retention.api import Clock, clocks_of
from skola.services.diary import rules
from skola.services.diary.models import (
    Absence,
    AbsenceNote,
    Assessment,
    HomeworkDone,
    Lesson,
    Look,
    Mark,
)
from skola.services.school import api as school

Key = tuple[UUID, date]
"""A lesson of one day: its slot and the day."""


# ---- who sees whom -------------------------------------------------------------------------------


def sees(link: Guardianship, now: datetime) -> bool:
    """Whether a link lets the guardian see the child's diary now, majority included."""
    return "see" in link.powers and _not_of_age(
        link.child.birth_on, link.grown_up_allows_at is not None, now
    )


def _not_of_age(birth_on: date | None, is_allowed: bool, now: datetime) -> bool:
    return rules.guardian_sees(
        birth_on=birth_on,
        until_age=in_force(now).policy.minors.guardians_until,
        is_allowed=is_allowed,
        today=school.today_here(now),
    )


def places_for(reader: Person, now: datetime) -> list[school.Place]:
    """Return the own places in class of ``reader``, and of the children whose diary they see.

    Children: by a proven link with the power ``see``, which ends with the child's majority where
    the policy says so (ekool-1.4-parent).
    """
    return [
        one
        for one in school.places_for(reader, school.today_here(now), now)
        if one.is_own
        or ("see" in one.powers and _not_of_age(one.pupil.person.birth_on, one.is_allowed, now))
    ]


def ward(guardian: Person, child: UUID, now: datetime, *powers: str) -> Guardianship | None:
    """Return the link by which ``guardian`` sees this child and holds all of ``powers``.

    The child need not be in a class any more.
    """
    for link in guarded_by(guardian, now=now):
        if link.child_id == child and sees(link, now) and set(powers) <= set(link.powers):
            return link
    return None


# ---- lessons -------------------------------------------------------------------------------------


def entries(lessons: Iterable[school.DayLesson]) -> dict[Key, Lesson]:
    """Return what was entered in these lessons, in one query."""
    wanted = list(lessons)
    if not wanted:
        return {}
    found = Lesson.objects.filter(
        slot__in={one.slot.pk for one in wanted}, on__in={one.plan.on for one in wanted}
    )
    return {(one.slot_id, one.on): one for one in found}


@dataclass(frozen=True)
class Row:
    """A pupil in the class list of a lesson."""

    pupil: school.Pupil
    absence: Absence | None = None
    expected_away: AbsenceNote | None = None

    @property
    def was(self) -> str:
        """Present, absent or late."""
        return self.absence.kind if self.absence else rules.Was.PRESENT


def class_list(one: school.DayLesson, entry: Lesson | None) -> list[Row]:
    """Return the pupils of a lesson with who was away and who was expected to be, in one query.

    Absences and notes come along as JSON: pages ask the database seldom.
    """
    on = one.plan.on
    away = Absence.objects.filter(pupil=OuterRef("pk"), lesson=entry).values(
        told=JSONObject(pk="pk", kind="kind", minutes="minutes")
    )
    notes = (
        AbsenceNote.objects.filter(pupil=OuterRef("pk"), first_on__lte=on, last_on__gte=on)
        .exclude(state=AbsenceNote.State.REFUSED)
        .order_by("sent_at")
        .values(told=JSONObject(pk="pk", reason="reason"))
    )
    there = school.pupils_in(one.group.school_class_id, on)
    rows = []
    for pupil in there.annotate(away=ArraySubquery(away), notes_=ArraySubquery(notes)):
        missed = [Absence(pupil=pupil, lesson=entry, **each) for each in vars(pupil)["away"]]
        told = [AbsenceNote(pupil=pupil, **each) for each in vars(pupil)["notes_"]]
        rows.append(Row(pupil, next(iter(missed), None), next(reversed(told), None)))
    return rows


def entry_and_before(one: school.DayLesson) -> tuple[Lesson | None, Lesson | None]:
    """Return what was entered in a lesson, and the last one of the group before it with a topic."""
    on = one.plan.on
    own = Q(slot=one.slot, on=on)
    before = Q(slot__group=one.group, on__lt=on) & ~Q(topic="")
    found = list(Lesson.objects.filter(own | before).order_by("-on", "-slot__bell__number")[:2])
    entry = next((each for each in found if each.on == on), None)
    return entry, next((each for each in found if each.on < on), None)


# ---- marks ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A pupil's line of the journal: a mark or none for each assessment, and their mean."""

    pupil: school.Pupil
    marks: Sequence[Mark | None]
    mean: str


@dataclass(frozen=True)
class Journal:
    """The journal of a group."""

    group: school.Group
    assessments: Sequence[Assessment]
    lines: Sequence[Line] = field(default_factory=tuple)


def journal(group: school.Group, on: date) -> Journal:
    """Return the journal of a group with those who are in the class on a day, in three queries."""
    assessments = list(Assessment.objects.filter(group=group).order_by("on", "created_at"))
    pupils = school.pupils_of(group.school_class_id, on)
    given = {
        (mark.pupil_id, mark.assessment_id): mark
        for mark in Mark.objects.filter(assessment__group=group).exclude(value="")
    }
    lines = []
    for pupil in pupils:
        marks = [given.get((pupil.pk, one.pk)) for one in assessments]
        counted = [
            mark.value
            for mark, one in zip(marks, assessments, strict=True)
            if mark is not None and one.kind != Assessment.Kind.TERM
        ]
        lines.append(Line(pupil, marks, rules.mean(group.subject.scale, counted)))
    return Journal(group, assessments, lines)


def first_clock(
    pupils: Sequence[school.Pupil], of: school.SchoolClass, now: datetime
) -> Clock | None:
    """Return the clock that ends first among the pupils of a class; None while none of them runs.

    ``of`` is their class with its year: without it each pupil would be asked for theirs.
    """
    for one in pupils:
        one.school_class = of
    return min(clocks_of(pupils, now=now).values(), key=lambda one: one.at, default=None)


# ---- a pupil's own -------------------------------------------------------------------------------


@dataclass(frozen=True)
class PupilsDays:
    """What a pupil's page shows first: the days ahead, homework, tests, new marks, notes."""

    pupil: school.Pupil
    days: dict[date, list[school.DayLesson]]
    homework: Sequence[Lesson]
    tests: Sequence[Assessment] = ()
    marks: Sequence[Mark] = ()
    notes: Sequence[AbsenceNote] = ()

    @property
    def school_class(self) -> school.SchoolClass:
        """The class they are in."""
        return self.pupil.school_class


def days_ahead(
    pupils: Sequence[school.Pupil],
    today: date,
    now: datetime,
    *,
    tests: bool = False,
    marks_of: frozenset[UUID] = frozenset(),
    notes: bool = False,
    ticks: bool = False,
) -> list[PupilsDays]:
    """Return what the pages of these pupils show first, in a query for each kind of thing.

    ``marks_of`` are the persons whose marks may be shown. With ``ticks`` homework says whether the
    pupil ticked it off (``is_done``), which is for the pupil alone.
    """
    if not pupils:
        return []
    days = rules.days_shown(today, 2)
    classes = {pupil.school_class_id for pupil in pupils}
    keys = [pupil.pk for pupil in pupils]
    lessons = school.lessons_in(school.slots().filter(group__school_class__in=classes), days, now)
    homework = _homework(classes, today)
    if ticks:
        mine = HomeworkDone.objects.filter(pupil__in=keys, lesson=OuterRef("pk"))
        homework = homework.annotate(is_done=Exists(mine))
    found_homework = list(homework[: 40 * len(classes)])
    found_tests = list(_tests(classes, today)[: 20 * len(classes)]) if tests else []
    found_marks = list(_new_marks(keys, marks_of)[: 12 * len(keys)]) if marks_of else []
    found_notes: list[AbsenceNote] = []
    if notes:
        sent = AbsenceNote.objects.filter(pupil__in=keys).order_by("-sent_at")
        found_notes = list(sent[: 12 * len(keys)])
    return [
        PupilsDays(
            pupil=one,
            days={
                day: [each for each in there if each.group.school_class_id == one.school_class_id]
                for day, there in lessons.items()
            },
            homework=[
                each
                for each in found_homework
                if each.slot.group.school_class_id == one.school_class_id
            ],
            tests=[
                each for each in found_tests if each.group.school_class_id == one.school_class_id
            ],
            marks=[each for each in found_marks if each.pupil_id == one.pk],
            notes=[each for each in found_notes if each.pupil_id == one.pk],
        )
        for one in pupils
    ]


def _homework(classes: set[UUID], today: date) -> QuerySet[Lesson]:
    found = Lesson.objects.filter(slot__group__school_class__in=classes, due_on__gte=today)
    return (
        found.exclude(homework="")
        .select_related("slot__group__subject")
        .order_by("due_on", "slot__group__subject__name")
    )


def _tests(classes: set[UUID], today: date) -> QuerySet[Assessment]:
    found = Assessment.objects.filter(group__school_class__in=classes, on__gte=today)
    tests = found.filter(kind=Assessment.Kind.TEST)
    return tests.select_related("group__subject").order_by("on")


def _new_marks(pupils: Sequence[UUID], marks_of: frozenset[UUID]) -> QuerySet[Mark]:
    found = Mark.objects.filter(pupil__in=pupils, pupil__person__in=marks_of).exclude(value="")
    return found.select_related("assessment__group__subject").order_by("-given_at")


@dataclass(frozen=True)
class Record:
    """What is held about a pupil's year: marks, absences, notes."""

    pupil: school.Pupil
    marks: Sequence[Mark]
    absences: Sequence[Absence]
    notes: Sequence[AbsenceNote]


def record_of(pupil: school.Pupil, *, with_marks: bool) -> Record:
    """Return a pupil's year, newest first, in three queries."""
    marks = Mark.objects.filter(pupil=pupil).exclude(value="")
    absences = Absence.objects.filter(pupil=pupil)
    return Record(
        pupil=pupil,
        marks=list(
            marks.select_related("assessment__group__subject").order_by(
                "assessment__group__subject__name", "-assessment__on", "pk"
            )
        )
        if with_marks
        else [],
        absences=list(
            absences.select_related("lesson__slot__group__subject", "lesson__slot__bell").order_by(
                "-lesson__on", "-lesson__slot__bell__number"
            )
        ),
        notes=list(AbsenceNote.objects.filter(pupil=pupil).order_by("-first_on")),
    )


def lessons_missed(pupils: Sequence[UUID], from_on: date, until_on: date) -> dict[UUID, int]:
    """Return how many lessons pupils missed from day to day; who missed none is not in it."""
    found = Absence.objects.filter(
        pupil__in=pupils,
        kind=Absence.Kind.ABSENT,
        lesson__on__gte=from_on,
        lesson__on__lte=until_on,
    )
    return dict(found.values_list("pupil").annotate(lessons=Count("pk")))


def marks_given(
    pupils: Sequence[UUID], from_on: date, until_on: date
) -> list[tuple[UUID, str, str]]:
    """Return the marks of pupils from day to day: the pupil, the subject's name, the mark."""
    found = Mark.objects.filter(
        pupil__in=pupils, assessment__on__gte=from_on, assessment__on__lte=until_on
    ).exclude(value="")
    return list(found.values_list("pupil_id", "assessment__group__subject__name", "value"))


def explained_by(notes: Iterable[AbsenceNote]) -> list[rules.Span]:
    """Return notes as the rules see them; refused ones explain nothing."""
    return [
        rules.Span(one.first_on, one.last_on, one.state == AbsenceNote.State.CONFIRMED)
        for one in notes
        if one.state != AbsenceNote.State.REFUSED
    ]


def looks_at(person: UUID, *, limit: int = 100) -> list[Look]:
    """Return who opened somebody's pages, newest first."""
    found = Look.objects.filter(person=person).select_related("reader")
    return list(found.order_by("-on", "-last_at")[:limit])


@dataclass(frozen=True)
class Reading:
    """How many pupils' pages somebody opened on a day."""

    reader: Person
    on: date
    pupils: int

    @property
    def is_bulk(self) -> bool:
        """Whether these are more than anybody's work explains (ekool-2.2-monitor)."""
        return self.pupils > rules.BULK


def readings(schools: QuerySet[school.School], since: date) -> list[Reading]:
    """Return who opened how many pupils' pages of these schools a day, most first; two queries."""
    theirs = school.Pupil.objects.filter(school_class__year__school__in=schools)
    found = (
        Look.objects.filter(person__in=theirs.values("person_id"), on__gte=since)
        .exclude(reader=None)
        .values("reader", "on")
        .annotate(pupils=Count("person", distinct=True))
        .order_by("-pupils", "-on")[:100]
    )
    rows = list(found)
    people = Person.objects.in_bulk({row["reader"] for row in rows})
    return [
        Reading(people.get(row["reader"], Person(pk=row["reader"])), row["on"], row["pupils"])
        for row in rows
    ]


def waiting_notes(teacher: Person, now: datetime) -> Q:
    """Return the condition for notes that this form teacher is to answer."""
    led = school.SchoolClass.objects.led_by(teacher, now)
    return Q(pupil__school_class__in=led, state=AbsenceNote.State.SENT)


def at_groups_of(person: Person, now: datetime) -> Q:
    """Return the condition for reports on marks of groups that ``person`` teaches or runs."""
    schools = school.School.objects.run_by(person, now)
    return Q(mark__assessment__group__in=school.Group.objects.taught_by(person, now)) | Q(
        mark__assessment__group__school_class__year__school__in=schools
    )
