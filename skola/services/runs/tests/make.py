"""Makers of runs, with honest defaults."""

from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

from skola.ground import clock
from skola.services.courses.models import Course, Enrolment, Progress
from skola.services.courses.tests import make as courses
from skola.services.runs.actions import running
from skola.services.runs.models import Participant, Run
from skola.services.runs.rules import Row

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def row(number: int = 1, **told: str) -> Row:
    """A line of a list."""
    values = {"given_name": "Ola", "family_name": f"Nr {number}", "email": f"ola{number}@x.example"}
    return Row(number, **{**values, **told})


def run(
    course: Course | None = None,
    *,
    starts_on: date = TODAY,
    ends_on: date = TODAY + timedelta(days=29),
    title: str = "Spring",
    at: datetime = NOW,
) -> Run:
    """A run of 30 days that begins today."""
    return running.make_run(
        title=title,
        course=course or courses.course(),
        starts_on=starts_on,
        ends_on=ends_on,
        site="https://academy.example.org",
        by="staff",
        now=at,
    )


def participant(of: Run, number: int = 1, *, at: datetime = NOW, **told: str) -> Participant:
    """Somebody put down by hand."""
    return running.add_by_hand(of, row(number, **told), language="en", by="staff", now=at)


def did(one: Participant, lessons: int) -> None:
    """Somebody opened the first lesson, and did as many."""
    enrolment = Enrolment.objects.get(person=one.person, course=one.run.course_id)
    for number, lesson in enumerate(courses.lessons_of(one.run.course)[: max(lessons, 1)]):
        done = NOW if number < lessons else None
        Progress.objects.create(
            enrolment=enrolment, lesson=lesson, first_at=NOW, last_at=NOW, done_at=done
        )


class Travel:
    """The day on which a test stands."""

    def __init__(self, days: ExitStack) -> None:
        self._days = days
        self.move_to(NOW + timedelta(hours=1))

    def move_to(self, moment: datetime) -> None:
        """Stand on another day."""
        self._days.enter_context(clock.standing_at(moment))
