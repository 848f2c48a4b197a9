"""For how long an emergency opens somebody's data."""

from datetime import datetime, timedelta

OPEN_FOR = timedelta(minutes=15)


def is_open(opened_at: datetime, now: datetime) -> bool:
    """Whether it still opens something: a quarter of an hour, not longer (ema-1.5.4)."""
    return opened_at <= now < opened_at + OPEN_FOR
