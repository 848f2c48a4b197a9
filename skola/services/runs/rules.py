"""Decisions about runs: what a list says, how somebody stands, which mails are due."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from skola.ground.lists import read_list

COLUMNS = ("given_name", "family_name", "email")
LONGEST = {"given_name": 80, "family_name": 80, "email": 254}
MOST_ROWS = 5_000


class Verdict(StrEnum):
    """What happens with a line of a list."""

    NEW = "new"
    KNOWN = "known"
    """Somebody who is known here by the address already."""
    THERE = "there"
    """Somebody who takes part already; left as they are."""
    MISSING = "missing"
    TOO_LONG = "too-long"
    BAD_ADDRESS = "bad-address"
    TWICE = "twice"


ADDED = frozenset({Verdict.NEW, Verdict.KNOWN})


@dataclass(frozen=True)
class Row:
    """One line of a list, as it was written."""

    line: int
    given_name: str
    family_name: str
    email: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class Judged:
    """A line, and what happens with it."""

    row: Row
    verdict: Verdict


@dataclass(frozen=True)
class Preview:
    """What a list would change."""

    lines: tuple[Judged, ...]

    def of(self, *verdicts: Verdict) -> tuple[Row, ...]:
        """Return the lines with which one of these happens."""
        return tuple(one.row for one in self.lines if one.verdict in verdicts)

    @property
    def adds(self) -> tuple[Row, ...]:
        """The lines that put somebody down."""
        return self.of(*ADDED)

    @property
    def faults(self) -> tuple[Judged, ...]:
        """The lines that cannot be used; they are left out."""
        fine = ADDED | {Verdict.THERE}
        return tuple(one for one in self.lines if one.verdict not in fine)

    @property
    def fingerprint(self) -> str:
        """Return a digest by which it is known again: who confirms it, confirms this one."""
        said = "\n".join(f"{one.row} {one.verdict}" for one in self.lines)
        return hashlib.sha256(said.encode()).hexdigest()


def read(text: str) -> tuple[Row, ...]:
    """Read a list with commas, semicolons or tabs. Raises ListError."""
    return tuple(
        Row(number, told["given_name"], told["family_name"], told["email"].lower())
        for number, told in read_list(text, required=COLUMNS, columns=COLUMNS, most=MOST_ROWS)
    )


def preview(rows: Sequence[Row], *, known: Collection[str], there: Collection[str]) -> Preview:
    """Return what a list would change, given the addresses known here and those in the run."""
    often = Counter(row.email for row in rows if row.email)
    return Preview(tuple(Judged(row, _verdict(row, often, known, there)) for row in rows))


def _verdict(
    row: Row, often: Mapping[str, int], known: Collection[str], there: Collection[str]
) -> Verdict:
    if not all((row.given_name, row.family_name, row.email)):
        return Verdict.MISSING
    if any(len(getattr(row, name)) > most for name, most in LONGEST.items()):
        return Verdict.TOO_LONG
    user, at, host = row.email.partition("@")
    if not (user and at and "." in host.strip(".")) or any(sign in row.email for sign in ' ,;<>"'):
        return Verdict.BAD_ADDRESS
    if often[row.email] > 1:
        return Verdict.TWICE
    if row.email in there:
        return Verdict.THERE
    return Verdict.KNOWN if row.email in known else Verdict.NEW


class Standing(StrEnum):
    """How somebody stands in a run."""

    DONE = "done"
    LATE = "late"
    """The run is over, and they are not done."""
    NOT_BEGUN = "not-begun"
    BEHIND = "behind"
    """Less is done than the part of the time that has passed."""
    ON_THE_WAY = "on-the-way"


def expected(total: int, starts_on: date, ends_on: date, today: date) -> int:
    """Return how many of ``total`` lessons are to be done by today, at an even pace.

    Whole lessons, rounded down; none before the first day, all after the last one. Days are days of
    the tenant's zone.
    """
    if today < starts_on:
        return 0
    days = (ends_on - starts_on).days + 1
    passed = min((today - starts_on).days, days)
    return total * passed // days


def standing(
    *, done: int, begun: bool, finished: bool, due: int, ends_on: date, today: date
) -> Standing:
    """Return how somebody stands; ``due`` is what ``expected`` says."""
    if finished:
        return Standing.DONE
    if today > ends_on:
        return Standing.LATE
    if not begun:
        return Standing.NOT_BEGUN
    return Standing.BEHIND if done < due else Standing.ON_THE_WAY


def reminder_due(ends_on: date, days: int, today: date) -> bool:
    """Whether the reminder ``days`` before the end is to be sent; never when it is over."""
    return ends_on - timedelta(days=days) <= today <= ends_on


def open_link(*, is_open: bool, limit: int, came: int, ends_on: date | None, today: date) -> bool:
    """Whether somebody may still put themselves down; on the last day they may."""
    return is_open and came < limit and (ends_on is None or today <= ends_on)
