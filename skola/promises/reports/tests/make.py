"""Makers of reports for tests."""

from datetime import UTC, datetime

from skola.promises.reports.models import Report

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def report(*, at: datetime = A_DAY) -> Report:
    """Enrolments by the month in which they began, as they stand in the register."""
    return Report.objects.create(
        title="Enrolments by month",
        purpose="contract.perform",
        form="numbers",
        model="courses.enrolment",
        columns=["started_at"],
        owner="officer",
        created_at=at,
    )
