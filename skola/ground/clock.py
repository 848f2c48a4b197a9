"""The only module that tells the time.

Views, tasks and commands ask here; everything below receives ``now``. The demo and the tests can
stand on another day: ``SKOLA_NOW`` moves a whole process, ``standing_at`` moves a block of code.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
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
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    """Return how far this context stands from the clock of the machine; nothing in production."""
    standing = _offset.get()
    return _PROCESS_OFFSET if standing is None else standing


@dataclass(frozen=True)
class Clocks:
    """What this machine's clocks say, on whichever day the program stands."""

    host: datetime
    is_declared: bool
    """Somebody said to stand on another day than the machine's."""
    boot: str = ""
    """Which start of which machine ``ticks`` counts from; empty where the system does not tell."""
    ticks: float = 0
    """Seconds since that start, by a clock that nobody can set."""


def clocks() -> Clocks:
    """Read the clocks of this machine."""
    offset = _offset.get()
    declared = bool(_PROCESS_OFFSET if offset is None else offset)
    boot, ticks = "", 0.0
    with suppress(OSError, AttributeError):  # Linux only
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        ticks = time.clock_gettime(time.CLOCK_BOOTTIME)
    return Clocks(datetime.now(UTC), declared, boot, ticks)


def today(zone: str) -> date:
    """Return the present day in ``zone``, an IANA name such as ``Europe/Riga``."""
    return now().astimezone(ZoneInfo(zone)).date()


def last_second(day: date, zone: ZoneInfo) -> datetime:
    """Return the last second of a day in ``zone``, as UTC: what lasts through the day ends then."""
    return datetime.combine(day, time_of_day(23, 59, 59), zone).astimezone(UTC)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at ``moment`` (aware) and run on from there, in this context only."""
    token = _offset.set(moment - datetime.now(UTC))
    try:
        yield
    finally:
        _offset.reset(token)
