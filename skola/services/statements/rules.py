"""What a statement counts: pupils by class, lessons missed, results. Each pupil once in a line."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction


class About(StrEnum):
    """What a statement is about."""

    PUPILS = "pupils"
    ATTENDANCE = "attendance"
    RESULTS = "results"


class Place(StrEnum):
    """Where a pupil of a class stands at the end of the days."""

    THERE = "there"
    LEFT = "left"


class Missed(StrEnum):
    """How many lessons a pupil missed."""

    NONE = "0"
    FEW = "1-10"
    SOME = "11-40"
    MANY = "41-"


class Result(StrEnum):
    """How a pupil stands in a subject: the mean of the marks from five to one, or passed."""

    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"
    NONE = "none"


BANDS: dict[About, tuple[str, ...]] = {
    About.PUPILS: tuple(Place),
    About.ATTENDANCE: tuple(Missed),
    About.RESULTS: tuple(Result),
}


def missed(lessons: int) -> Missed:
    """Return the band of a number of missed lessons."""
    if lessons == 0:
        return Missed.NONE
    if lessons <= 10:
        return Missed.FEW
    return Missed.SOME if lessons <= 40 else Missed.MANY


def result(values: Sequence[str]) -> Result:
    """Return the band of somebody's marks in a subject.

    On the scale from five to one: a mean from 3.5 on is good, from 2.5 on fair. On the scale that
    passes (``A``) or not (``MA``): good where at least half of the marks pass, else weak.
    """
    numbers = [int(value) for value in values if value.isdigit()]
    if numbers:
        mean = Fraction(sum(numbers), len(numbers))
        if mean >= Fraction(7, 2):
            return Result.GOOD
        return Result.FAIR if mean >= Fraction(5, 2) else Result.WEAK
    words = [value for value in values if value]
    if not words:
        return Result.NONE
    passed = sum(value == "A" for value in words)
    return Result.GOOD if 2 * passed >= len(words) else Result.WEAK


def place(left_on: date | None, until_on: date) -> Place:
    """Return whether a pupil is still there on the last of the days; the last day counts."""
    return Place.LEFT if left_on is not None and left_on < until_on else Place.THERE


def tally(
    rows: Sequence[str], bands: Sequence[str], told: Iterable[tuple[str, str]]
) -> tuple[tuple[int, ...], ...]:
    """Return how often each band was told for each row, in their orders."""
    found: Mapping[str, dict[str, int]] = {row: dict.fromkeys(bands, 0) for row in rows}
    for row, band in told:
        found[row][band] += 1
    return tuple(tuple(found[row][band] for band in bands) for row in rows)
