"""Makers of education documents for tests."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from skola.ground.people.api import Person
from skola.services.documents import actions
from skola.services.documents.models import Document

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")
LEARNED = actions.Learned(
    "Bookkeeping", 40, date(2026, 1, 12), date(2026, 2, 27), "Sanita Roze, head of training"
)


def document(who: Person, *, at: datetime = A_DAY) -> Document:
    """A certificate of forty hours of bookkeeping."""
    return actions.issue(who, LEARNED, zone=RIGA, by="office", now=at)
