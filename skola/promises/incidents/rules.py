"""The clock of a breach, and how grave a risk is."""

from datetime import datetime, timedelta

LEVELS = ((90, 0.9), (75, 0.75), (50, 0.5))
LATE = 100


def level(known_at: datetime, notify_by: datetime, now: datetime) -> int:
    """Return how far the time to tell the authority has run: 0, 50, 75, 90, or 100 once it is over.

    Counted in hours that pass, nights and holidays too (GDPR Art. 33(1); Regulation 1182/71,
    Art. 3). Source: kic-security-risk.
    """
    if now > notify_by:
        return LATE
    span = notify_by - known_at
    passed = max(now - known_at, timedelta())
    return next((mark for mark, share in LEVELS if span and passed / span >= share), 0)


def hours_left(notify_by: datetime, now: datetime) -> int:
    """Return the whole hours that are left, below zero where the time is over."""
    return int((notify_by - now) // timedelta(hours=1))


def gravity(likelihood: int, impact: int) -> int:
    """Return how grave a risk is, from 1 to 9: how likely it is, times what it would do."""
    return likelihood * impact


SPREAD, WITHIN = 5, timedelta(hours=1)
"""So many networks from which one account is signed in within this time are an alarm."""
VOLUME, AT_ONCE = 500, timedelta(minutes=1)
"""So many records that one account exports within this time are an alarm."""


def is_spread(networks: int) -> bool:
    """Whether one account was signed in from too many networks within ``WITHIN`` (ilearn-11.o)."""
    return networks >= SPREAD


def is_too_much(records: int) -> bool:
    """Whether one account exported too much within ``AT_ONCE`` (kic-security-monitoring)."""
    return records >= VOLUME
