"""Everything that changes a learner's courses: enrolling, reading, being done."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.promises.policy.api import in_force
from skola.promises.retention.api import record_event
from skola.services.courses.models import Attempt, Course, Enrolment, Lesson, Progress
from skola.services.courses.questions import wrong


class NotOpenError(Exception):
    """A course that cannot be enrolled in: a draft, archived, or one that needs a seat."""


class NotEntitledError(Exception):
    """No live purpose of the tenant's policy lets people take courses."""


@transaction.atomic
def enrol(course: Course, person: Person, *, by: str, now: datetime) -> Enrolment:
    """Enrol a person; whoever is enrolled already stays so. Raises NotOpenError, NotEntitledError.

    The enrolment is a record under the purpose that enables taking courses. Source: ilearn-8.c.
    """
    if course.state != Course.State.PUBLISHED:
        raise NotOpenError(f"{course} is {course.state}: only published courses can be taken.")
    if course.needs_seat:
        raise NotOpenError(f"{course} is taken with a seat of a licence only.")
    enrolment, fresh = _enrolment(course, person, by=by, now=now)
    if fresh:
        record_event(person.pk, "account.last_action", at=now)
    return enrolment


@transaction.atomic
def open_until(
    course: Course, people: Collection[Person], until: datetime, *, by: str, now: datetime
) -> None:
    """Let people into a course up to a moment: they hold a seat of a licence (ema-1.1.3).

    Whoever is in it already keeps what they did, and whoever is in it for good stays so. It is no
    act of theirs. Raises NotEntitledError.
    """
    for person in people:
        _enrolment(course, person, until=until, by=by, now=now)
    held = Enrolment.objects.filter(course=course, person__in=people)
    held.filter(until_at__lt=until).update(until_at=until)


def sell(course: Course) -> None:
    """Let a course be taken with a seat only; whoever is in it already stays."""
    Course.objects.filter(pk=course.pk).update(needs_seat=True)
    course.needs_seat = True


@transaction.atomic
def lock(course: Course | None, people: Collection[Person], *, now: datetime) -> None:
    """Lock the lessons of a course for people whose seat ended; what they did stays readable."""
    held = Enrolment.objects.filter(course=course, person__in=people)
    held.filter(until_at__gt=now).update(until_at=now)


def _enrolment(
    course: Course, person: Person, *, until: datetime | None = None, by: str, now: datetime
) -> tuple[Enrolment, bool]:
    enrolment, fresh = Enrolment.objects.get_or_create(
        course=course,
        person=person,
        defaults={
            "course_title": course.title,
            "purpose": _purpose(now),
            "started_at": now,
            "until_at": until,
        },
    )
    if fresh:
        audit.record(
            "courses.enrolment.made",
            target=enrolment,
            subject=person.pk,
            by=by,
            at=now,
            detail={"purpose": enrolment.purpose},
        )
    return enrolment, fresh


@transaction.atomic
def enrol_all(course: Course, people: Sequence[UUID], *, by: str, now: datetime) -> int:
    """Enrol people whom somebody else has put down, and return how many were not enrolled yet.

    One entry in the audit for all. Raises NotOpenError, NotEntitledError.
    """
    if course.state != Course.State.PUBLISHED:
        raise NotOpenError(f"{course} is {course.state}: only published courses can be taken.")
    if course.needs_seat:
        raise NotOpenError(f"{course} is taken with a seat of a licence only.")
    there = set(
        Enrolment.objects.filter(course=course, person__in=people).values_list("person", flat=True)
    )
    purpose = _purpose(now)
    fresh = [
        Enrolment(
            course=course, person_id=one, course_title=course.title, purpose=purpose, started_at=now
        )
        for one in people
        if one not in there
    ]
    Enrolment.objects.bulk_create(fresh, batch_size=1_000)
    if fresh:
        detail = {"purpose": purpose, "people": len(fresh)}
        audit.record("courses.people.enrolled", target=course, by=by, at=now, detail=detail)
    return len(fresh)


def _purpose(now: datetime) -> str:
    for purpose in in_force(now).policy.purpose:
        if "courses.take" in purpose.enables:
            return str(purpose.id)
    raise NotEntitledError("The policy in force has no purpose that enables courses.take.")


@transaction.atomic
def look_at(enrolment: Enrolment, lesson: Lesson, *, now: datetime) -> None:
    """Note that a learner has opened a lesson: there they go on the next time."""
    Progress.objects.bulk_create(
        [Progress(enrolment=enrolment, lesson=lesson, first_at=now, last_at=now)],
        update_conflicts=True,
        unique_fields=["tenant", "enrolment", "lesson"],
        update_fields=["last_at"],
    )
    record_event(enrolment.person_id, "account.last_action", at=now)


@transaction.atomic
def complete(enrolment: Enrolment, lesson: Lesson, *, done: bool, by: str, now: datetime) -> None:
    """Mark a lesson as done, or as not done after all; with the last one the course is finished."""
    progress, _ = Progress.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"first_at": now, "last_at": now}
    )
    if (progress.done_at is not None) == done:
        return
    progress.done_at = now if done else None
    progress.last_at = now
    progress.save(update_fields=["done_at", "last_at"])
    record_event(enrolment.person_id, "account.last_action", at=now)
    _finish(enrolment, by=by, now=now)


@transaction.atomic
def answer(
    enrolment: Enrolment, lesson: Lesson, answers: Mapping[int, int], *, by: str, now: datetime
) -> Attempt:
    """Do an exercise: the attempt is kept with its result, and with every answer right it is done.

    It may be done as often as one likes. ``answers``: place of the question, place of the answer.
    It is an own act of the learner. Source: ema-1.1.4.
    """
    asked = lesson.asked
    made = Attempt.objects.create(
        enrolment=enrolment,
        lesson=lesson,
        title=lesson.title,
        answers=[answers.get(place) for place in range(len(asked))],
        right=len(asked) - len(wrong(asked, answers)),
        total=len(asked),
        at=now,
    )
    look_at(enrolment, lesson, now=now)
    if made.is_all_right:
        complete(enrolment, lesson, done=True, by=by, now=now)
    return made


@transaction.atomic
def begin_again(enrolment: Enrolment, *, by: str, now: datetime) -> None:
    """Begin a finished course anew, because it is required again; attempts and marks of time stay.

    Nothing happens to a course that is not finished. Source: ema-2.1.9.
    """
    if not Enrolment.objects.filter(pk=enrolment.pk, finished_at__isnull=False).update(
        finished_at=None
    ):
        return
    Progress.objects.filter(enrolment=enrolment).update(done_at=None)
    audit.record(
        "courses.course.begun_again",
        target=enrolment,
        subject=enrolment.person_id,
        by=by,
        at=now,
    )
    record_event(enrolment.person_id, "account.last_action", at=now)


Finished = Callable[[Enrolment, str, datetime], None]
_WHEN_FINISHED: list[Finished] = []


def when_finished(work: Finished) -> None:
    """Let a room that lies above do something when somebody finishes a course.

    ``work`` is called in the same transaction, with the enrolment, who did it, and the moment.
    """
    _WHEN_FINISHED.append(work)


def _finish(enrolment: Enrolment, *, by: str, now: datetime) -> None:
    done = Progress.objects.filter(enrolment=enrolment, done_at__isnull=False).values("lesson")
    left = Lesson.objects.filter(course=enrolment.course_id).exclude(pk__in=done).exists()
    if left and enrolment.finished_at is not None:
        Enrolment.objects.filter(pk=enrolment.pk).update(finished_at=None)
    elif not left and enrolment.finished_at is None:
        Enrolment.objects.filter(pk=enrolment.pk).update(finished_at=now)
        audit.record(
            "courses.course.finished",
            target=enrolment,
            subject=enrolment.person_id,
            by=by,
            at=now,
        )
        for work in _WHEN_FINISHED:
            work(enrolment, by, now)


@transaction.atomic
def remember_place(enrolment: Enrolment, lesson_id: UUID, *, seconds: int, now: datetime) -> None:
    """Remember where a video was stopped, in whole seconds from its beginning."""
    Progress.objects.bulk_create(
        [
            Progress(
                enrolment=enrolment,
                lesson_id=lesson_id,
                first_at=now,
                last_at=now,
                seconds=seconds,
            )
        ],
        update_conflicts=True,
        unique_fields=["tenant", "enrolment", "lesson"],
        update_fields=["last_at", "seconds"],
    )


@transaction.atomic
def leave(enrolment: Enrolment, *, by: str, now: datetime) -> None:
    """End an enrolment at the learner's wish: it and its progress are deleted at once."""
    audit.record(
        "courses.enrolment.ended",
        target=enrolment,
        subject=enrolment.person_id,
        by=by,
        at=now,
    )
    enrolment.delete()
