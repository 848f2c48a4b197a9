"""Decisions about education documents: how they are numbered and checked."""

from datetime import date, datetime
from enum import StrEnum

LETTERS = 12
"""Letters and digits of a check code: 60 bits, of which nobody guesses one."""


class Answer(StrEnum):
    """What the check page says, and all that it says."""

    VALID = "valid"
    EXPIRED = "expired"
    ANNULLED = "annulled"
    UNKNOWN = "unknown"


def label(series: str, number: int) -> str:
    """Return the number of a document as it is printed: ``2026-00017``."""
    return f"{series}-{number:05d}"


def read_label(told: str) -> tuple[str, int] | None:
    """Return series and number of what somebody typed, or None where it is no such number."""
    series, dash, number = told.strip().rpartition("-")
    if not dash or not series or not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    return series.strip(), int(number)


def read_code(told: str) -> str:
    """Return a check code as it is stored, however somebody spaced and wrote it."""
    return "".join(told.split()).replace("-", "").upper()


def grouped(code: str) -> str:
    """Return a check code as it is printed, in groups of four."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def answer(
    *,
    found: bool,
    annulled_at: datetime | None,
    valid_until: date | None = None,
    today: date | None = None,
) -> Answer:
    """Say how a document stands; a wrong code is answered as a document that was never issued.

    It is valid on its last day, too. Days are days of the tenant's zone.
    """
    if not found:
        return Answer.UNKNOWN
    if annulled_at is not None:
        return Answer.ANNULLED
    over = valid_until is not None and today is not None and valid_until < today
    return Answer.EXPIRED if over else Answer.VALID
