"""Decisions about licences: what an entry adds or takes, and how an order and a licence stand."""

from calendar import monthrange
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What an entry of the ledger says."""

    BOUGHT = "bought"
    ASSIGNED = "assigned"
    RELEASED = "released"
    EXPIRED = "expired"


ADDING = (Kind.BOUGHT, Kind.RELEASED)


class OrderState(StrEnum):
    """How far an order is."""

    ORDERED = "ordered"
    FULFILLED = "fulfilled"
    WITHDRAWN = "withdrawn"


class LicenceState(StrEnum):
    """How a licence stands on a day."""

    AHEAD = "ahead"
    RUNNING = "running"
    OVER = "over"


def signed(kind: Kind, seats: int) -> int:
    """Return what an entry adds to the seats that are left. ``seats`` is at least one."""
    if seats < 1:
        raise ValueError(f"An entry is about at least one seat, not {seats}.")
    return seats if kind in ADDING else -seats


def ends_on(starts_on: date, months: int) -> date:
    """Return the first day on which a licence of so many months is over.

    The same day of a later month; where that month lacks the day, its last one.
    """
    year, month = divmod(starts_on.year * 12 + starts_on.month - 1 + months, 12)
    return date(year, month + 1, min(starts_on.day, monthrange(year, month + 1)[1]))


def licence_state(*, starts_on: date, ends_on: date, today: date) -> LicenceState:
    """Return how a licence stands on a day; on ``ends_on`` itself it is over."""
    if today < starts_on:
        return LicenceState.AHEAD
    return LicenceState.RUNNING if today < ends_on else LicenceState.OVER
