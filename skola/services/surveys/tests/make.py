"""Makers of surveys for tests."""

from datetime import UTC, datetime, timedelta

from skola.ground.people.api import Person
from skola.ground.people.tests.make import person
from skola.promises.incidents.tests import make as incidents
from skola.services.courses.models import Course
from skola.services.groups.models import Run
from skola.services.surveys import actions, risks
from skola.services.surveys.models import Answer, Invitation, RiskSurvey

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def invitation(
    who: Person | None = None,
    *,
    course: Course | None = None,
    run: Run | None = None,
    at: datetime = A_DAY,
) -> Invitation:
    """Somebody is asked about a course or a group."""
    return Invitation.objects.create(person=who or person(), course=course, run=run, asked_at=at)


def answers(*scores: int, course: Course | None = None, run: Run | None = None) -> list[Answer]:
    """So many people say what they thought, the same of the trainer."""
    for score in scores:
        asked = invitation(course=course, run=run)
        actions.answer(asked, score=score, trainer_score=score if run else None, now=A_DAY)
    return list(Answer.objects.filter(course=course, run=run))


def about_risk(question: str = "How safe are your data?", *, at: datetime = A_DAY) -> RiskSurvey:
    """Customers are asked about a risk for a month."""
    ends_at = at + timedelta(days=30)
    return risks.ask(incidents.risk(at=at), question, ends_at, by="officer", now=at)
