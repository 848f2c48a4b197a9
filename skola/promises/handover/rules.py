"""Decisions about a hand-over: from which day, in which state, and what a receipt has to say."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

FORMAT = "skola.handover/1"
RECEIPT = "skola.handover-receipt/1"


class Stage(StrEnum):
    """How far a hand-over is."""

    ANNOUNCED = "announced"
    """People are told, and may object."""
    READY = "ready"
    """The day has come: the service can be closed and packed."""
    CLOSED = "closed"
    """Nobody is served here any more; it is being packed."""
    PACKED = "packed"
    """The archive is with the new controller, whose receipt is awaited."""
    CONFIRMED = "confirmed"
    """They have it; what is here is to be erased."""
    DONE = "done"


@dataclass(frozen=True)
class Moments:
    """What happened in a hand-over, and when; None is not yet."""

    goes_at: datetime
    closed_at: datetime | None = None
    packed_at: datetime | None = None
    confirmed_at: datetime | None = None
    erased_at: datetime | None = None


def stage(told: Moments, now: datetime) -> Stage:
    """Return how far a hand-over is at ``now``."""
    if told.erased_at is not None:
        return Stage.DONE
    if told.confirmed_at is not None:
        return Stage.CONFIRMED
    if told.packed_at is not None:
        return Stage.PACKED
    if told.closed_at is not None:
        return Stage.CLOSED
    return Stage.READY if told.goes_at <= now else Stage.ANNOUNCED


def first_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the first whole day that does not begin before ``moment``, where the service is."""
    there = moment.astimezone(zone)
    begins = datetime.combine(there.date(), time(), zone)
    return there.date() if begins >= moment else there.date() + timedelta(days=1)


def begins(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day begins where the service is."""
    return datetime.combine(day, time(), zone)


def digest_of_counts(counts: Mapping[str, int]) -> str:
    """Return what two sides compare of their numbers."""
    return hashlib.sha256(json.dumps(dict(counts), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """What the new controller says of an archive that it took in."""

    archive: str
    tenant: str
    rows: int
    files: int
    counts: str
    """Digest of the numbers by table."""
    at: datetime

    def as_text(self) -> str:
        """Return it as it is signed."""
        said = [
            RECEIPT,
            f"archive {self.archive}",
            f"tenant {self.tenant}",
            f"rows {self.rows}",
            f"files {self.files}",
            f"counts {self.counts}",
            f"at {self.at.isoformat()}",
        ]
        return "\n".join(said) + "\n"

    @classmethod
    def read(cls, text: str) -> "Receipt":
        """Read a receipt whose signature was found good. Raises ValueError for another text."""
        head, *lines = text.strip().split("\n")
        told = dict(line.split(" ", 1) for line in lines if " " in line)
        if head != RECEIPT:
            raise ValueError("This is no receipt of a hand-over.")
        try:
            return cls(
                told["archive"],
                told["tenant"],
                int(told["rows"]),
                int(told["files"]),
                told["counts"],
                datetime.fromisoformat(told["at"]),
            )
        except KeyError as lacking:
            raise ValueError(f"The receipt does not say {lacking}.") from lacking


def totals(counts: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many rows and how many files are counted."""
    return sum(int(one) for table, one in counts.items() if table != "files"), int(
        counts.get("files", 0)
    )
