"""The only module that tells the time.

Views, tasks and commands ask here; everything below receives ``now``. The demo and the tests can
stand on another day: ``SKOLA_NOW`` moves a whole process, ``standing_at`` moves a block of code.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_offset: ContextVar[timedelta | None] = ContextVar("clock_offset", default=None)


def _process_offset() -> timedelta:
    wanted = os.environ.get("SKOLA_NOW")
    if not wanted:
        return timedelta()
    moment = datetime.fromisoformat(wanted)
    if moment.tzinfo is None:
        raise SystemExit(f"SKOLA_NOW={wanted} has no offset: 2027-03-01T08:00:00+02:00 has one.")
    return moment - datetime.now(UTC)


_PROCESS_OFFSET = _process_offset()


def now() -> datetime:
    """Return the present moment in UTC, with whatever journey in time is under way."""
    offset = _offset.get()
    return datetime.now(UTC) + (_PROCESS_OFFSET if offset is None else offset)


def today(zone: str) -> date:
    """Return the present day in ``zone``, an IANA name such as ``Europe/Riga``."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at ``moment`` (aware) and run on from there, in this context only."""
    token = _offset.set(moment - datetime.now(UTC))
    try:
        yield
    finally:
        _offset.reset(token)
