"""Makers of decisions for tests."""

from datetime import UTC, datetime

from skola.ground.people.models import Person
from skola.promises.decisions.models import Decision

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def decision(about: Person, *, at: datetime = A_DAY) -> Decision:
    """The software decided that somebody pays in advance."""
    return Decision.objects.create(
        person=about,
        point="credit",
        rule="1",
        inputs={"overdue": 1, "longest": 3, "owed": "12.00"},
        maker="software",
        ground="contract",
        asked_at=at,
        decide_by=at,
        result="advance",
        decided_at=at,
    )
