"""Decisions about certificates of courses: when one is due, and until when it is valid."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote


@dataclass(frozen=True)
class Standing:
    """How far somebody is with a course that gives a certificate."""

    finished: bool
    exam_asked: bool
    exam_passed: bool
    holds_valid: bool
    """Whether a certificate of this course is theirs and still valid."""


def is_due(standing: Standing) -> bool:
    """Say whether a certificate is issued: everything is done, and none is held."""
    done = standing.finished and (standing.exam_passed or not standing.exam_asked)
    return done and not standing.holds_valid


def last_day(issued_on: date, months: int | None) -> date | None:
    """Return the last day of a validity of so many months; where the month lacks the day, its last.

    None stays None: such a certificate does not expire. Days are days of the tenant's zone.
    """
    if months is None:
        return None
    year, month = divmod(issued_on.year * 12 + issued_on.month - 1 + months, 12)
    return date(year, month + 1, min(issued_on.day, monthrange(year, month + 1)[1]))


def filled(address: str, *, link: str, words: str) -> str:
    """Return the address of a network's page for sharing, with what is shared filled in."""
    there = address.replace("{link}", quote(link, safe=""))
    return there.replace("{words}", quote(words, safe=""))
