"""Decisions of a selection. Days are days of the tenant's zone."""

from datetime import date, datetime, timedelta
from enum import StrEnum

LONGEST = timedelta(days=365)
"""A selection is published with an end at most a year away: it cannot stay open for ever."""


class Fault(StrEnum):
    """What is wrong with a latest closing date."""

    NONE = ""
    PAST = "past"
    TOO_FAR = "too-far"


def latest_fault(latest_on: date, today: date) -> Fault:
    """Say what is wrong with a latest closing date for a vacancy that is published today."""
    if latest_on < today:
        return Fault.PAST
    return Fault.TOO_FAR if latest_on - today > LONGEST else Fault.NONE


def over_on(latest_on: date, today: date) -> bool:
    """Whether a selection with this latest date is over; its last day still counts."""
    return today > latest_on


def takes_applications(
    *, published_at: datetime | None, closed_at: datetime | None, latest_on: date, today: date
) -> bool:
    """Whether people can apply today: published, not closed, not over."""
    return published_at is not None and closed_at is None and not over_on(latest_on, today)


STAGES = ("received", "screening", "interview", "offer", "rejected")
"""Where an application can stand, in the order of a selection. Withdrawn ones are gone."""


def stages_from(stage: str, *, closed: bool) -> tuple[str, ...]:
    """Return where an application can be moved: anywhere else while the selection is open."""
    return () if closed else tuple(one for one in STAGES if one != stage)
