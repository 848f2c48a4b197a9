"""Makers of certificates for tests."""

from datetime import UTC, datetime

from skola.ground.people.api import Person
from skola.services.certificates import actions
from skola.services.certificates.actions import Terms
from skola.services.certificates.models import Award
from skola.services.courses.models import Course
from skola.services.courses.tests import make as courses
from skola.services.documents.api import issue
from skola.services.documents.models import Document
from skola.services.documents.tests.make import LEARNED, RIGA

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TERMS = Terms(hours=8, signatory="Anna Autore, author")


def certifying(course: Course | None = None, terms: Terms = TERMS) -> Course:
    """A course that gives certificates."""
    made = course or courses.course()
    actions.set_rule(made, terms, by="author", now=A_DAY)
    return made


def certificate(who: Person, *, course: Course | None = None, at: datetime = A_DAY) -> Document:
    """What somebody holds of a course."""
    made = issue(who, LEARNED, by_rule=True, zone=RIGA, by="learner", now=at)
    Award.objects.create(document=made, course=course or certifying(), at=at)
    return made
