"""When the clocks are believed: a wrong one would erase today what may go in ten years.

Plain decisions about readings; ``actions/clock_guard.py`` takes them. Source: the four clocks that
have to agree are the machine's, the database's, the last recorded moment, and the machine's count
of seconds since its start, which nobody can set.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

AGREE = timedelta(minutes=2)
"""How far two clocks may be apart."""
SILENCE = timedelta(hours=26)
"""After how long without a sweep somebody has to say that so much time has really passed."""


class Doubt(StrEnum):
    """Why a moment is not believed."""

    APART = "apart"
    """The machine's clock and the database's tell different times."""
    BACK = "back"
    """It is earlier than what was recorded already."""
    STEPPED = "stepped"
    """The clock went further than the seconds that have passed since the last sweep."""
    AHEAD = "ahead"
    """The last sweep was so long ago that somebody has to confirm it."""


@dataclass(frozen=True)
class Readings:
    """What the clocks say, and what they said the last time."""

    now: datetime
    """The moment as of which the sweep would act."""
    host: datetime
    database: datetime
    is_declared: bool = False
    """Somebody said to stand on another day; only the clocks themselves have to agree."""
    boot: str = ""
    ticks: float = 0
    recorded: datetime | None = None
    """The latest moment that a sweep or the audit recorded."""
    last_host: datetime | None = None
    last_boot: str = ""
    last_ticks: float = 0


def doubt_of(readings: Readings) -> Doubt | None:
    """Return why the moment is not to be believed; None when it is.

    A declared day (the demo, a test) may lie anywhere; the machine and the database must agree even
    then.
    """
    if abs(readings.host - readings.database) > AGREE:
        return Doubt.APART
    if _stepped(readings):
        return Doubt.STEPPED
    if readings.is_declared:
        return None
    if abs(readings.now - readings.database) > AGREE:
        return Doubt.APART
    if readings.recorded is None:
        return None
    if readings.now < readings.recorded - AGREE:
        return Doubt.BACK
    if readings.now > readings.recorded + SILENCE:
        return Doubt.AHEAD
    return None


def _stepped(readings: Readings) -> bool:
    """Whether the machine's clock moved otherwise than its seconds, since the same start."""
    if not readings.boot or readings.boot != readings.last_boot or readings.last_host is None:
        return False
    passed = timedelta(seconds=readings.ticks - readings.last_ticks)
    return abs((readings.host - readings.last_host) - passed) > AGREE
