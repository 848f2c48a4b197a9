"""Decisions about people of partners: for what they are let in, and for how long."""

from datetime import datetime, timedelta
from enum import StrEnum


class Activity(StrEnum):
    """What somebody is let in for: the words by which the policy marks who may be."""

    INVOICING = "invoicing"
    RELATIONS = "customer-relations"
    SUPPORT = "remote-support"


LONGEST = timedelta(days=366)
"""An access is looked at anew at least once a year."""
LONGEST_ABROAD = timedelta(days=14)
"""From outside the European Economic Area, and for support, nobody is let in for longer."""


def longest(activity: str, *, is_outside: bool) -> timedelta:
    """Return for how long somebody can be let in at once (ilearn-18)."""
    short = is_outside or activity == Activity.SUPPORT
    return LONGEST_ABROAD if short else LONGEST


def is_open(
    starts_at: datetime, ends_at: datetime, ended_at: datetime | None, moment: datetime
) -> bool:
    """Whether an access is open at ``moment``; at its very end it is not any more."""
    return starts_at <= moment < min(ends_at, ended_at or ends_at)
