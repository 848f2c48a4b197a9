"""Makers of reports for tests."""

from datetime import UTC, datetime

from skola.ground.people.models import Person
from skola.promises.minors import actions
from skola.promises.minors.models import Report

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def report(child: Person | None = None, *, at: datetime = A_DAY) -> Report:
    """A report of somebody, or of an account that nobody knows; nothing is hidden by it."""
    return Report.objects.create(
        person=child,
        account=child.email if child else "somebody",
        words="She is ten.",
        reporter_name="Aunt",
        reporter_email="aunt@example.org",
        language="en",
        reported_at=at,
        decide_by=at,
    )


def hidden(child: Person, *, at: datetime = A_DAY) -> Report:
    """A report that hides whom it is about."""
    return actions.report(actions.Told(child.email), by="test", now=at)
