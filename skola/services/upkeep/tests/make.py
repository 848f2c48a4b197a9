"""Makers of works for tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from skola.services.upkeep.models import Works

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def works(course: Any = None, *, at: datetime = AT) -> Works:
    """Planned works of two hours in a week, on a course or on the whole service."""
    begins = at + timedelta(days=7)
    return Works.objects.create(
        kind="planned",
        course=course,
        whole=course is None,
        words="The server is renewed.",
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        recorded_at=at,
        told_at=at,
    )
