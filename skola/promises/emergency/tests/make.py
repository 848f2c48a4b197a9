"""Makers of emergencies for tests."""

from datetime import UTC, datetime

from skola.ground.people.models import Person
from skola.promises.emergency import actions
from skola.promises.emergency.models import Emergency

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def emergency(about: Person, *, by: str = "support", at: datetime = A_DAY) -> Emergency:
    """Somebody fainted during a lesson."""
    return actions.break_glass(about, "Fainted during a video lesson.", by=by, now=at)
