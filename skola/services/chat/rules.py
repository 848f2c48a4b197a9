"""Decisions of the chat: when somebody answers, and when a chat is over."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

SILENCE = timedelta(minutes=30)
"""After so long without a word a chat ends; what was not answered waits at the desk."""
READABLE = timedelta(hours=1)
"""So long who chatted still sees what was said, after the end."""
AHEAD = 28
"""Days within which the next opening is looked for."""


@dataclass(frozen=True, slots=True)
class Span:
    """Hours of one day of the week; Monday is 0."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody answers now, and when that changes; None where no hours are set."""

    is_open: bool
    changes_at: datetime | None = None


def standing(
    now: datetime, spans: Iterable[Span], is_holiday: Callable[[date], bool] = lambda _day: False
) -> Standing:
    """Say whether the office is open at ``now``, a moment in the tenant's zone, and until when.

    On a public holiday nobody answers. The hour at which it opens counts, that at which it closes
    does not.
    """
    by_day = {span.weekday: span for span in spans}
    for later in range(AHEAD if by_day else 0):
        day = now.date() + timedelta(later)
        span = by_day.get(day.weekday())
        if span is None or is_holiday(day):
            continue
        opens = datetime.combine(day, span.opens, now.tzinfo)
        closes = datetime.combine(day, span.closes, now.tzinfo)
        if now < opens:
            return Standing(False, opens)
        if now < closes:
            return Standing(True, closes)
    return Standing(False)


def is_over(last_message_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    """Whether a chat is no longer shown to who began it."""
    return ended_at is not None and now - max(ended_at, last_message_at) > READABLE
