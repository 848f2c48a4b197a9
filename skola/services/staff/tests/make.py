"""Makers of grants, training and guidelines for tests."""

from datetime import UTC, date, datetime, timedelta

from skola.ground.people.api import Person
from skola.ground.people.tests.make import person
from skola.services.courses.api import Course, complete, enrol
from skola.services.courses.tests import make as courses
from skola.services.staff import actions, training
from skola.services.staff.models import Grant, Version

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def grant(
    holder: Person,
    kind: str = "coordinator",
    *,
    asker: Person | None = None,
    until: datetime | None = None,
    at: datetime = A_DAY,
) -> Grant:
    """A role that was asked for somebody, for a holiday."""
    wanted = actions.Wanted(kind, until=until, reason="Holiday")
    return actions.ask(holder, wanted, asker=asker or person(), by="office", now=at)


def granted(holder: Person, kind: str = "coordinator", *, at: datetime = A_DAY) -> Grant:
    """A role that was asked for and approved by two others."""
    made = grant(holder, kind, at=at)
    actions.approve(made, decider=person(), by="office", now=at)
    made.refresh_from_db()
    return made


def course(*, at: datetime = A_DAY) -> Course:
    """The course of the staff, with one lesson."""
    made = courses.course(title="Data protection at work", lessons=(1,))
    training.name_course(made, by="office", now=at)
    return made


def passed(who: Person, taken: Course, *, at: datetime = A_DAY) -> None:
    """Somebody does every lesson of a course."""
    enrolment = enrol(taken, who, by="they", now=at)
    for lesson in taken.lessons.all():
        complete(enrolment, lesson, done=True, by="they", now=at)


def guideline(
    *, title: str = "Working with data", review_on: date | None = None, at: datetime = A_DAY
) -> Version:
    """A guideline of one version."""
    made = actions.write_guideline(
        title,
        "Lock the screen.",
        review_on=review_on or (at + timedelta(days=90)).date(),
        by="office",
        now=at,
    )
    return made.versions.get()
