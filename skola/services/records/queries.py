"""The learning record of a person: what they did here, and what they brought."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from skola.ground.people.api import Person
from skola.ground.tenants.api import site
from skola.promises.policy.api import in_force
from skola.services.certificates import api as certificates
from skola.services.courses.api import Enrolment
from skola.services.exams import api as exams
from skola.services.records import rules
from skola.services.records.models import Brought, Intake
from skola.services.records.rules import Activity, Owner, Score

CAPABILITY = "courses.take"
RIGHT = "portability"


def intakes_of(person: Person) -> QuerySet[Intake]:
    """Return the files that somebody brought, newest on top."""
    return Intake.objects.filter(person=person).order_by("-taken_at", "-pk")


def badges_of(person: Person) -> QuerySet[Brought]:
    """Return the badges that somebody brought, newest on top."""
    found = Brought.objects.filter(person=person, kind=Brought.Kind.BADGE)
    return found.select_related("intake").order_by("-at", "pk")


def record_of(person: Person, *, now: datetime) -> list[dict[str, Any]]:
    """Return the whole learning record of somebody as xAPI statements, oldest first.

    What was brought has the actor of this service: it is the same person.
    """
    owner = Owner(site(), person.pk)
    platform = in_force(now).policy.service.name
    found = [*_courses(person, owner, platform), *_exams(person, owner, platform)]
    for one in Brought.objects.filter(person=person, kind=Brought.Kind.STATEMENT):
        found.append({**json.loads(one.content), "actor": rules.actor(owner)})
    return sorted(found, key=lambda one: (datetime.fromisoformat(one["timestamp"]), one["id"]))


def _courses(person: Person, owner: Owner, platform: str) -> Iterator[dict[str, Any]]:
    taken = Enrolment.objects.filter(person=person).select_related("course")
    for one in taken.prefetch_related("progress__lesson", "attempts"):
        language = one.course.language if one.course else person.language
        key = one.course_id or one.pk
        course = Activity("course", key, one.course_title, language)

        def said(verb: str, activity: Activity, row: UUID, at: datetime, **more: Any) -> Any:
            return rules.statement(
                verb, activity, row=row, owner=owner, platform=platform, at=at, **more
            )

        yield said("registered", course, one.pk, one.started_at)
        for step in one.progress.all():
            if step.done_at is not None:
                lesson = Activity("lesson", step.lesson_id, step.lesson.title, language)
                yield said("completed", lesson, step.pk, step.done_at, within=course)
        for attempt in one.attempts.all():
            key = attempt.lesson_id or attempt.pk
            exercise = Activity("exercise", key, attempt.title, language)
            score = Score(attempt.right, attempt.total)
            yield said(
                "attempted",
                exercise,
                attempt.pk,
                attempt.at,
                within=course,
                score=score,
                success=attempt.is_all_right,
            )
        if one.finished_at is not None:
            yield said("completed", course, one.pk, one.finished_at)


def _exams(person: Person, owner: Owner, platform: str) -> Iterator[dict[str, Any]]:
    for one, worth in exams.results_of(person):
        at = one.finished_at
        if at is None:
            continue
        exam, passed = one.sitting.exam, one.outcome == "passed"
        score = Score(float(one.points), worth) if one.points is not None else None
        yield rules.statement(
            "passed" if passed else "failed",
            Activity("exam", exam.pk, exam.title, person.language),
            row=one.pk,
            owner=owner,
            platform=platform,
            at=at,
            score=score,
            success=passed,
        )


def own_badges(person: Person) -> set[str]:
    """Return the ids of the badges that this service issued to somebody."""
    return {one.pk.urn for one in certificates.standing_of(person)}
