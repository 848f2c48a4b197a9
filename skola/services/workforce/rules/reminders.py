"""On which days somebody is reminded of their training: one digest a day at most."""

from datetime import date

EVERY = 0
"""The weekday of the weekly digest: Monday."""
FROM_HOUR = 8
"""Digests go out from this hour of the tenant's day on."""
DAYS_BEFORE = (7, 1, -1)
"""So many days before its last day a training is told of; on the first day after it, too."""


def is_weekly(today: date) -> bool:
    """Whether today is the day of the weekly digest."""
    return today.weekday() == EVERY


def turns(*, due_on: date | None, assigned_on: date, today: date) -> bool:
    """Whether a training has to be told of today, outside of the weekly digest.

    It was assigned yesterday, is due in a week or tomorrow, or is overdue since today. All are days
    in the tenant's time zone.
    """
    if (today - assigned_on).days == 1:
        return True
    return due_on is not None and (due_on - today).days in DAYS_BEFORE
