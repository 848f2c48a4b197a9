"""A school year up to today, invented: lessons, absences, marks with their history, notes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from skola.ground.people.api import Guardianship, Person, Role
from skola.promises.policy.api import has
from skola.services.diary import actions, rules
from skola.services.diary.models import (
    Absence,
    AbsenceNote,
    Assessment,
    Lesson,
    Look,
    Mark,
    MarkChange,
)
from skola.services.school import api as school

WEEKS = 14
"""So far back lessons are entered; a year is longer, and nobody scrolls that far."""
_TOPICS = {
    "Matemaatika": ("Harilikud murrud", "Protsendid", "Võrrandid", "Ringjoon", "Ruutjuur"),
    "Eesti keel": ("Liitlaused", "Käänded", "Jutustamine", "Kirjavahemärgid", "Luuletus"),
    "Inglise keel": ("Past tenses", "Travelling", "Conditionals", "A letter", "Reading"),
    "Ajalugu": ("Keskaeg", "Hansa Liit", "Reformatsioon", "Põhjasõda", "Ärkamisaeg"),
    "Loodusõpetus": ("Veekogud", "Muld", "Mets", "Rakk", "Soojus"),
    "Kunst": ("Värvusõpetus", "Portree", "Perspektiiv", "Trükk", "Plakat"),
}
_HOMEWORK = ("Õpik lk {}", "Töövihik lk {}", "Harjutus {}")
_TITLES = ("Tunnikontroll", "Kontrolltöö", "Vastamine")


@dataclass
class _Rows:
    lessons: list[Lesson] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    changes: list[MarkChange] = field(default_factory=list)
    notes: list[AbsenceNote] = field(default_factory=list)


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Fill the diary of the schools of the speaking tenant, as far as there are any."""
    if not has("diary.school", now=now):
        return
    today = school.today_here(now)
    slots = list(school.slots())
    pupils: dict[object, list[school.Pupil]] = {}
    for one in school.Pupil.objects.select_related("person"):
        pupils.setdefault(one.school_class_id, []).append(one)
    if not slots:
        return
    rows = _Rows()
    day = max(
        slots[0].group.school_class.year.starts_on, rules.monday_of(today) - timedelta(weeks=WEEKS)
    )
    while day < today:
        there = [one for one in slots if one.weekday == day.isoweekday()]
        _school_day(rows, there, pupils, day, random, now)
        day += timedelta(days=1)
    _ahead(rows, slots, today, now)
    _marks(rows, slots, pupils, random, now)
    _notes(rows, pupils, today, random, now)
    for found in vars(rows).values():
        if found:
            type(found[0]).objects.bulk_create(found, batch_size=1_000)
    _looks(pupils, random, today, now)
    _calendars(people, now)


def _at(on: date, slot: school.Slot, now: datetime) -> datetime:
    return min(now, school.moment(on, slot.bell.ends, school.zone(now)))


def _school_day(
    rows: _Rows,
    there: Sequence[school.Slot],
    pupils: dict[object, list[school.Pupil]],
    on: date,
    random: Random,
    now: datetime,
) -> None:
    ill = {one.pk for found in pupils.values() for one in found if random.random() < 0.03}
    for slot in there:
        if random.random() < 0.03:
            continue  # somebody forgot to enter it
        at = _at(on, slot, now)
        subject = slot.group.subject.name
        week = on.isocalendar().week
        homework = random.choice(_HOMEWORK).format(random.randint(4, 120))
        given = homework if random.random() < 0.5 else ""
        ahead = 7 if given else None
        lesson = Lesson(
            slot=slot,
            on=on,
            topic=_TOPICS[subject][week % len(_TOPICS[subject])],
            homework=given,
            due_on=on + timedelta(days=ahead) if ahead else None,
            entered_at=at,
        )
        rows.lessons.append(lesson)
        for one in pupils.get(slot.group.school_class_id, ()):
            if one.pk in ill:
                rows.absences.append(Absence(pupil=one, lesson=lesson, kind="absent", noted_at=at))
            elif random.random() < 0.008:
                minutes = random.randint(2, 20)
                rows.absences.append(
                    Absence(pupil=one, lesson=lesson, kind="late", minutes=minutes, noted_at=at)
                )


def _ahead(rows: _Rows, slots: Sequence[school.Slot], today: date, now: datetime) -> None:
    """A test in the week to come, in two subjects of each class."""
    groups = {one.group.pk: one for one in slots}
    for place, slot in enumerate(groups.values()):
        if place % 3 == 0:
            ahead = (slot.weekday - today.isoweekday()) % 7 + 7
            rows.assessments.append(
                Assessment(
                    group=slot.group,
                    on=today + timedelta(days=ahead),
                    kind=Assessment.Kind.TEST,
                    title=_TITLES[1],
                    created_at=now,
                )
            )


def _marks(
    rows: _Rows,
    slots: Sequence[school.Slot],
    pupils: dict[object, list[school.Pupil]],
    random: Random,
    now: datetime,
) -> None:
    teachers = school.teachers_of([one.group_id for one in slots], now)
    talent = {one.pk: random.random() for found in pupils.values() for one in found}
    seen: set[object] = set()
    for lesson in reversed(rows.lessons):
        group = lesson.slot.group
        key = (group.pk, lesson.on.isocalendar().week // 4)
        if key in seen:
            continue
        seen.add(key)
        kind = random.choice([Assessment.Kind.TEST, Assessment.Kind.LESSON])
        at = lesson.entered_at
        one = Assessment(
            group=group, on=lesson.on, kind=kind, title=random.choice(_TITLES), created_at=at
        )
        rows.assessments.append(one)
        author = teachers.get(group.pk, [None])[0]
        for pupil in pupils.get(group.school_class_id, ()):
            if random.random() > 0.12:
                _mark(rows, one, pupil, talent[pupil.pk], author, random, at)


def _mark(
    rows: _Rows,
    one: Assessment,
    pupil: school.Pupil,
    talent: float,
    author: Person | None,
    random: Random,
    at: datetime,
) -> None:
    scale = rules.SCALES[one.group.subject.scale]
    luck = min(0.99, max(0.0, 1 - (talent * 0.7 + random.random() * 0.5)))
    value = scale[int(luck * (len(scale) - (len(scale) > 2)))]
    mark = Mark(pupil=pupil, assessment=one, value=value, given_at=at)
    rows.marks.append(mark)
    rows.changes.append(MarkChange(mark=mark, after=value, author=author, at=at))
    if value in ("2", "3") and random.random() < 0.15:
        better = scale[scale.index(value) - 1]
        later = at + timedelta(days=3)
        mark.value, mark.given_at = better, later
        rows.changes.append(
            MarkChange(
                mark=mark,
                before=value,
                after=better,
                reason="Järelvastamine",
                author=author,
                at=later,
            )
        )


def _notes(
    rows: _Rows,
    pupils: dict[object, list[school.Pupil]],
    today: date,
    random: Random,
    now: datetime,
) -> None:
    """Two in three absences are explained; notes of the last days wait for the form teacher."""
    missed = {(one.pupil, one.lesson.on) for one in rows.absences if one.kind == "absent"}
    parents = {
        link.child_id: link.guardian
        for link in Guardianship.objects.select_related("guardian").filter(ends_at=None)
    }
    for pupil, on in sorted(missed, key=lambda pair: (pair[1], str(pair[0].pk))):
        if random.random() > 0.66:
            continue
        sent = min(now, school.moment(on, datetime.min.time(), school.zone(now)))
        sent += timedelta(hours=7)
        waits = (today - on).days < 5
        rows.notes.append(
            AbsenceNote(
                pupil=pupil,
                first_on=on,
                last_on=on,
                reason=random.choice(["illness", "illness", "illness", "family"]),
                sender=parents.get(pupil.person_id),
                sent_at=min(sent, now),
                state="sent" if waits else "confirmed",
                answered_at=None if waits else min(now, sent + timedelta(hours=9)),
            )
        )


def _looks(
    pupils: dict[object, list[school.Pupil]], random: Random, today: date, now: datetime
) -> None:
    leaders = Role.objects.filter(kind=Role.Kind.TEACHER, scope=school.CLASS).held_at(now)
    found = []
    for leader in leaders:
        for pupil in pupils.get(leader.scope_id, ()):
            ago = random.randint(1, 40)
            found.append(
                Look(
                    person_id=pupil.person_id,
                    reader_id=leader.person_id,
                    what=Look.What.CARD,
                    on=today - timedelta(days=ago),
                    times=random.randint(1, 3),
                    last_at=now - timedelta(days=ago),
                )
            )
    Look.objects.bulk_create(found, batch_size=1_000)


def _calendars(people: Sequence[Person], now: datetime) -> None:
    """The personas who are parents have their children's lessons in their own calendar."""
    personas = {one.pk: one for one in people[:10]}
    for link in Guardianship.objects.filter(guardian__in=personas, ends_at=None):
        actions.open_calendar(
            personas[link.guardian_id], link.child_id, by="demo", now=now - timedelta(days=30)
        )
