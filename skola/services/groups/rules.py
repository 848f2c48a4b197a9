"""Decisions about runs and their seats. Days are days of the tenant's zone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum

LONGEST = timedelta(days=3 * 365)
"""A run ends within three years of its first day."""


class Standing(StrEnum):
    """Where a run stands."""

    DRAFT = "draft"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    RUNNING = "running"
    OVER = "over"
    CANCELLED = "cancelled"


def standing(
    *,
    published_at: datetime | None,
    cancelled_at: datetime | None,
    apply_until: date,
    starts_on: date,
    ends_on: date,
    free: int,
    today: date,
) -> Standing:
    """Say where a run stands on ``today``. Who may still apply sees it open, or full."""
    if cancelled_at is not None:
        return Standing.CANCELLED
    if published_at is None:
        return Standing.DRAFT
    if today > ends_on:
        return Standing.OVER
    if today <= apply_until:
        return Standing.OPEN if free > 0 else Standing.FULL
    return Standing.RUNNING if today >= starts_on else Standing.CLOSED


def takes_applications(
    *, published_at: datetime | None, cancelled_at: datetime | None, apply_until: date, today: date
) -> bool:
    """Whether people can apply today; the last day still counts."""
    return published_at is not None and cancelled_at is None and today <= apply_until


class Fault(StrEnum):
    """What is wrong with the days of a run."""

    NONE = ""
    ENDS_BEFORE = "ends-before"
    TOO_LONG = "too-long"
    APPLY_AFTER_END = "apply-after-end"


def days_fault(*, starts_on: date, ends_on: date, apply_until: date) -> Fault:
    """Say what is wrong with the days of a run."""
    if ends_on < starts_on:
        return Fault.ENDS_BEFORE
    if ends_on - starts_on > LONGEST:
        return Fault.TOO_LONG
    return Fault.APPLY_AFTER_END if apply_until > ends_on else Fault.NONE


class Every(StrEnum):
    """How often a meeting comes again."""

    ONCE = "once"
    DAY = "day"
    WEEK = "week"


def meeting_days(first: date, last: date, every: Every) -> Iterator[date]:
    """Yield the days from ``first`` through ``last``: every working day, or the same weekday."""
    step = timedelta(days=7 if every is Every.WEEK else 1)
    while first <= last:
        if every is not Every.DAY or first.isoweekday() <= 5:
            yield first
        if every is Every.ONCE:
            return
        first += step


TO_DECIDE = ("received", "waiting")
"""The stages of an application about which staff can still decide."""


def can_withdraw(stage: str, *, result: str, ends_on: date, today: date) -> bool:
    """Whether an applicant can step back: until the last day, and while there is no result."""
    return stage not in ("refused", "withdrawn") and not result and today <= ends_on


def decisions(stage: str, *, free: int, cancelled: bool) -> tuple[str, ...]:
    """Return what staff can do with an application: admit only while a seat is free."""
    if cancelled or stage not in TO_DECIDE:
        return ()
    others = ("refused",) if stage == "waiting" else ("waiting", "refused")
    return ("admitted", *others) if free > 0 else others
