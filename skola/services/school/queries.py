"""Reads of schools that more than one caller needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from skola.ground.db.purposes import reading_for_these
from skola.ground.people.api import Person, Role, readable
from skola.promises.policy.api import in_force, purposes_for
from skola.services.school import pupil_list, rules
from skola.services.school.models import (
    CLASS,
    GROUP,
    Change,
    Group,
    Pupil,
    PupilQuerySet,
    School,
    SchoolClass,
    Slot,
)


def zone(now: datetime) -> ZoneInfo:
    """Return the time zone of the speaking tenant, in which schools live."""
    return ZoneInfo(in_force(now).policy.policy.timezone)


def today(now: datetime) -> date:
    """Return the tenant's day."""
    return now.astimezone(zone(now)).date()


@dataclass(frozen=True)
class DayLesson:
    """A lesson of one day with what a page says about it."""

    slot: Slot
    plan: rules.Planned
    own_room: str = ""
    """What the change of the day says about the room; empty where it says nothing."""
    substitute: Person | None = None
    """Who stands in, where somebody does."""
    teachers: tuple[str, ...] = ()
    """The names of who teaches the group."""

    @property
    def group(self) -> Group:
        """The class and the subject."""
        return self.slot.group

    @property
    def is_cancelled(self) -> bool:
        """Whether it falls out."""
        return self.plan.what == rules.What.CANCELLED

    @property
    def old_room(self) -> str:
        """The room of the timetable, where the lesson is in another one today."""
        return self.slot.room if self.plan.room != self.slot.room else ""


def slots() -> QuerySet[Slot]:
    """Return lessons of the timetable with all that a page says about them."""
    return Slot.objects.select_related(
        "bell", "group__subject", "group__school_class__year__school"
    )


def taught_in(person: Person, days: Sequence[date], now: datetime) -> dict[date, list[DayLesson]]:
    """Return the lessons that ``person`` teaches on these days, in one query.

    Those of own groups, and those in which they stand in; ``slot.is_mine`` tells which.
    """
    stands_in = Change.objects.filter(slot=OuterRef("pk"), on__in=days, teacher=person)
    mine = Group.objects.taught_by(person, now)
    found = slots().annotate(is_mine=Exists(mine.filter(pk=OuterRef("group"))))
    by_day = lessons_in(found.filter(Q(is_mine=True) | Exists(stands_in)), days, now)
    return {day: [one for one in there if _teaches(one, person)] for day, there in by_day.items()}


def _teaches(one: DayLesson, person: Person) -> bool:
    return bool(vars(one.slot)["is_mine"]) or one.plan.teacher == person.pk


def stands_in(person: Person, since: date) -> bool:
    """Whether ``person`` stands in for a teacher on some day since this one."""
    return Change.objects.filter(teacher=person, on__gte=since, is_cancelled=False).exists()


def lesson_of(person: Person, slot: UUID, on: date, now: datetime) -> DayLesson | None:
    """Return a lesson of one day if ``person`` may enter it; else there is none (ekool-1.4)."""
    mine = Group.objects.taught_by(person, now)
    found = slots().filter(pk=slot).annotate(is_mine=Exists(mine.filter(pk=OuterRef("group"))))
    there = [one for one in lessons_on(found, on, now) if _teaches(one, person)]
    return there[0] if there else None


def lessons_on(found: QuerySet[Slot], on: date, now: datetime) -> list[DayLesson]:
    """Return the lessons of one day in order, changes applied, in one query."""
    return lessons_in(found, [on], now).get(on, [])


def lessons_in(
    found: QuerySet[Slot], days: Sequence[date], now: datetime
) -> dict[date, list[DayLesson]]:
    """Return the lessons of several days in order, changes applied, in one query.

    Changes and names of teachers come along as JSON: pages ask the database seldom.
    """
    changes = Change.objects.filter(slot=OuterRef("pk"), on__in=days).values(
        told=JSONObject(
            on="on",
            is_cancelled="is_cancelled",
            room="room",
            teacher="teacher_id",
            given=readable("given_name", "teacher__"),
            family=readable("family_name", "teacher__"),
            email=readable("email", "teacher__"),
        )
    )
    teachers = (
        Role.objects.filter(kind=Role.Kind.TEACHER, scope=GROUP, scope_id=OuterRef("group_id"))
        .held_at(now)
        .order_by("starts_at")
        .values(
            told=JSONObject(
                given=readable("given_name", "person__"), family=readable("family_name", "person__")
            )
        )
    )
    there = found.filter(weekday__in={day.isoweekday() for day in days}).annotate(
        told_changes=ArraySubquery(changes), told_teachers=ArraySubquery(teachers)
    )
    held = list(there)
    return {day: _day(held, day) for day in days}


def _day(there: Iterable[Slot], on: date) -> list[DayLesson]:
    held = {one.pk: one for one in there if one.weekday == on.isoweekday() and _in_year(one, on)}
    told: dict[UUID, dict[str, Any]] = {}
    for key, one in held.items():
        for change in vars(one)["told_changes"]:
            if change["on"] == on.isoformat():
                told[key] = change
    differs = {
        key: rules.Differs(
            change["is_cancelled"],
            change["room"],
            UUID(change["teacher"]) if change["teacher"] else None,
        )
        for key, change in told.items()
    }
    return [
        DayLesson(
            held[one.regular.slot],
            one,
            told.get(one.regular.slot, {}).get("room", ""),
            _substitute(told.get(one.regular.slot)),
            tuple(
                f"{each['given'] or ''} {each['family'] or ''}".strip()
                for each in vars(held[one.regular.slot])["told_teachers"]
            ),
        )
        for one in rules.plan([regular(one) for one in held.values()], differs, on)
    ]


def _substitute(change: dict[str, Any] | None) -> Person | None:
    if change is None or not change["teacher"]:
        return None
    return Person(
        pk=UUID(change["teacher"]),
        given_name=change["given"] or "",
        family_name=change["family"] or "",
        email=change["email"] or "",
    )


def _in_year(slot: Slot, on: date) -> bool:
    year = slot.group.school_class.year
    return year.starts_on <= on <= year.ends_on


def regular(slot: Slot) -> rules.Regular:
    """Return a slot as the rules see it."""
    return rules.Regular(
        slot.pk,
        slot.group_id,
        slot.bell.number,
        slot.bell.begins,
        slot.bell.ends,
        slot.room,
        slot.from_on,
        slot.until_on,
    )


def teachers_of(groups: Iterable[UUID], now: datetime) -> dict[UUID, list[Person]]:
    """Return who teaches each group now, in one query."""
    held = Role.objects.filter(kind=Role.Kind.TEACHER, scope=GROUP, scope_id__in=set(groups))
    found: dict[UUID, list[Person]] = {}
    for role in held.held_at(now).select_related("person").order_by("starts_at"):
        assert role.scope_id is not None
        found.setdefault(role.scope_id, []).append(role.person)
    return found


def pupils_in(school_class: UUID, on: date) -> PupilQuerySet:
    """Return who is in a class on a day, by name."""
    return Pupil.objects.filter(school_class=school_class).in_class_on(on).by_name()


def pupils_of(school_class: UUID, on: date) -> list[Pupil]:
    """Return the same as a list."""
    return list(pupils_in(school_class, on))


def how_many_pupils(where: School, now: datetime) -> int:
    """Return how many pupils a school has today: a number, and nothing about any of them.

    Fees are counted by it. Study information is read for the contract with the school and for
    nothing else, so it is read for the purposes of the diary. Source: ekool-4.2.2-perform, 4.4.
    """
    with reading_for_these(purposes_for(["diary.school"], now=now)):
        on = today(now)
        classes = classes_of_today(SchoolClass.objects.filter(year__school=where), on)
        there = Pupil.objects.in_class_on(on).filter(school_class__in=classes.order_by())
        return there.values("person").distinct().count()


@dataclass(frozen=True)
class Place:
    """Somebody's place in a class of today, as one reader sees it."""

    pupil: Pupil
    is_own: bool
    powers: frozenset[str] = frozenset()
    """What the reader may do as a proven guardian; nothing where they are none."""
    is_allowed: bool = False
    """Whether the pupil, of age, lets the reader go on."""


def places_for(reader: Person, on: date, now: datetime) -> list[Place]:
    """Return the places in class of ``reader`` and of whom they stand for, in one query.

    Whether a guardian's powers have ended with the pupil's majority is the caller's to decide.
    """
    standing = Q(
        person__guardianships__guardian=reader,
        person__guardianships__verified_at__isnull=False,
        person__guardianships__starts_at__lte=now,
    )
    found = (
        Pupil.objects.in_class_on(on)
        .filter(school_class__year__starts_on__lte=on, school_class__year__ends_on__gte=on)
        .annotate(link=FilteredRelation("person__guardianships", condition=standing))
        .filter(
            Q(person=reader)
            | Q(link__isnull=False, link__ends_at=None)
            | Q(link__isnull=False, link__ends_at__gt=now)
        )
        .annotate(powers=F("link__powers"), allowed_at=F("link__grown_up_allows_at"))
        .select_related("person", "school_class__year__school")
        .order_by("person__given_name", "school_class__name", "pk")
    )
    return [
        Place(
            one,
            one.person_id == reader.pk,
            frozenset(vars(one)["powers"] or ()),
            vars(one)["allowed_at"] is not None,
        )
        for one in found
    ]


def list_difference(
    where: School, rows: Sequence[pupil_list.Row], now: datetime
) -> pupil_list.Difference:
    """Return what a list of pupils would change in the running year of a school; three queries."""
    on = today(now)
    classes = classes_of_today(SchoolClass.objects.filter(year__school=where), on)
    there = Pupil.objects.in_class_on(on).filter(school_class__in=list(classes))
    places = {
        (f"{given} {family}".strip().casefold(), born.isoformat() if born else ""): name
        for given, family, born, name in there.values_list(
            "person__given_name",
            "person__family_name",
            "person__birth_on",
            "school_class__name",
        )
    }
    told = {row.email for row in rows if row.email}
    known = Person.objects.filter(email__in=told).order_by("-created_at")
    return pupil_list.difference(
        rows,
        classes=[one.name for one in classes],
        places=places,
        addresses={one.email: one.name for one in known},
        today=on,
    )


def classes_of_today(found: QuerySet[SchoolClass], on: date) -> QuerySet[SchoolClass]:
    """Return the classes whose year runs on a day, by name."""
    running = found.filter(year__starts_on__lte=on, year__ends_on__gte=on)
    return running.select_related("year__school").order_by("grade", "name")


def known_to(person: Person, now: datetime) -> QuerySet[School]:
    """Return the schools that have to do with somebody: run by them, or where they work or learned.

    Or where somebody learned for whom they stand.
    """
    now_or_later = Q(person__guardianships__ends_at=None)
    now_or_later |= Q(person__guardianships__ends_at__gt=now)
    stands_for = now_or_later & Q(
        person__guardianships__guardian=person,
        person__guardianships__verified_at__isnull=False,
        person__guardianships__starts_at__lte=now,
    )
    pupils = Pupil.objects.filter(Q(person=person) | stands_for)
    teaching = Role.objects.filter(person=person, kind=Role.Kind.TEACHER).held_at(now)
    classes = Q(years__classes__in=teaching.filter(scope=CLASS).values("scope_id"))
    groups = Q(years__classes__groups__in=teaching.filter(scope=GROUP).values("scope_id"))
    learned = Q(years__classes__in=pupils.values("school_class"))
    found = School.objects.filter(classes | groups | learned).values("pk")
    run = School.objects.run_by(person, now).values("pk")
    return School.objects.filter(Q(pk__in=found) | Q(pk__in=run))
