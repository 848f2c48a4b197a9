"""Makers of papers for tests."""

from datetime import UTC, datetime

from skola.ground.people.api import Person
from skola.services.papers.actions import Filed, file_paper
from skola.services.papers.models import Paper

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def paper(person: Person, *, what: str = "Application form", at: datetime = AT) -> Paper:
    """A form that somebody handed over."""
    told = Filed(what, "in-person", at.date(), "Office 2, cabinet 3, folder A")
    return file_paper(person, told, by="office", now=at)
