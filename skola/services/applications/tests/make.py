"""Makers of plans for tests."""

from datetime import UTC, datetime

from skola.services.applications import actions
from skola.services.applications.models import Plan
from skola.services.courses.api import Course

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def plan(
    *,
    title: str = "Bees for a year",
    cents: int = 20_000,
    course: Course | None = None,
    at: datetime = A_DAY,
) -> Plan:
    """Something to apply for, for a year."""
    return actions.make_plan(
        title=title,
        text="We teach, **you** pay.",
        price_cents=cents,
        months=12,
        course=course,
        by="office",
        now=at,
    )
