"""The only module that tells the time.

Views, tasks and commands ask here; everything below receives ``now``. The demo and the tests can
stand on another day: ``SKOLA_NOW`` moves a whole process, which runs on from there; in a block of
code under ``standing_at`` the clock all but stands, so that a second before midnight lasts.
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

_SLOWNESS = 1000
_DRIFT = timedelta(milliseconds=100)
"""How far the database, whose clock runs, may be from one that stands."""


class _Standing:
    """A clock that stands: in a second it creeps on by a millisecond, so what is later is later."""

    def __init__(self, moment: datetime) -> None:
        self._moment, self._since = moment, time.perf_counter()
        self._ahead = moment - datetime.now(UTC)

    def now(self) -> datetime:
        return self._moment + timedelta(seconds=time.perf_counter() - self._since) / _SLOWNESS

    def offset(self) -> timedelta:
        """Return how far it is from the machine's clock: changed now and then, not at each look."""
        ahead = self.now() - datetime.now(UTC)
        if abs(ahead - self._ahead) > _DRIFT:
            self._ahead = ahead
        return self._ahead


_standing: ContextVar[_Standing | None] = ContextVar("standing", default=None)


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
    standing = _standing.get()
    return datetime.now(UTC) + _PROCESS_OFFSET if standing is None else standing.now()


def offset() -> timedelta:
    """Return how far this context stands from the clock of the machine; nothing in production."""
    standing = _standing.get()
    return _PROCESS_OFFSET if standing is None else standing.offset()


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
    boot, ticks = "", 0.0
    with suppress(OSError, AttributeError):  # Linux only
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        ticks = time.clock_gettime(time.CLOCK_BOOTTIME)
    return Clocks(datetime.now(UTC), bool(offset()), boot, ticks)


def today(zone: str) -> date:
    """Return the present day in ``zone``, an IANA name such as ``Europe/Riga``."""
    return now().astimezone(ZoneInfo(zone)).date()


def last_second(day: date, zone: ZoneInfo) -> datetime:
    """Return the last second of a day in ``zone``, as UTC: what lasts through the day ends then."""
    return datetime.combine(day, time_of_day(23, 59, 59), zone).astimezone(UTC)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at ``moment`` (aware) in this context only."""
    token = _standing.set(_Standing(moment))
    try:
        yield
    finally:
        _standing.reset(token)
