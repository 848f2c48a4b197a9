"""When an event takes registrations, in plain Python."""

from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """How an event stands for who wants to come."""

    DRAFT = "draft"
    OPEN = "open"
    FULL = "full"
    RUNNING = "running"
    OVER = "over"
    CANCELLED = "cancelled"


def standing(
    *,
    published_at: datetime | None,
    cancelled_at: datetime | None,
    starts_at: datetime,
    ends_at: datetime,
    seats: int | None,
    taken: int,
    now: datetime,
) -> Standing:
    """Return how an event stands at ``now``; one registers until it begins."""
    if cancelled_at is not None:
        return Standing.CANCELLED
    if now >= ends_at:
        return Standing.OVER
    if published_at is None:
        return Standing.DRAFT
    if now >= starts_at:
        return Standing.RUNNING
    return Standing.FULL if seats is not None and taken >= seats else Standing.OPEN
