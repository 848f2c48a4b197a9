"""Whether a text names an operator, and what a file of results says. Days are those of the exam."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

COLUMNS = ("reference", "exam", "sat_on", "outcome", "points")
"""The columns of a file of results, in this order."""
MOST = 100_000
"""Points from here on are a slip."""


class Fault(StrEnum):
    """What is wrong with a line of a file of results."""

    HEADER = "header"
    SHAPE = "shape"
    EXAM = "exam"
    UNKNOWN = "unknown"
    TWICE = "twice"
    DAY = "day"
    OUTCOME = "outcome"
    POINTS = "points"
    EMPTY = "empty"


@dataclass(frozen=True)
class Result:
    """What one candidate reached."""

    reference: str
    sat_on: date
    outcome: str
    points: Decimal | None


class FaultyError(Exception):
    """A file of results is refused as a whole. ``faults`` are its lines from 1, with the reason."""

    def __init__(self, faults: list[tuple[int, Fault]]) -> None:
        super().__init__(", ".join(f"{line}: {fault}" for line, fault in faults))
        self.faults = faults


def naming(operator: str) -> str:
    """Return the pattern of a text that names an operator, for Python and PostgreSQL.

    The whole name, whatever white space is between its words. Part of a longer word is no name.
    """
    words = r"\s+".join(re.escape(word) for word in operator.split())
    return rf"(^|\W){words}(\W|$)"


def is_named(operator: str, text: str) -> bool:
    """Whether a text names an operator (ilearn-17.b)."""
    return bool(operator.split()) and re.search(naming(operator), text, re.IGNORECASE) is not None


def results_in(
    text: str, *, exam: str, candidates: Mapping[str, bool], today: date
) -> list[Result]:
    """Return the results of a file, as CSV with commas or semicolons.

    ``candidates`` are those who were sent for this exam, by reference, with whether their result
    has come. Raises FaultyError for an unknown candidate, a second result, another exam, a day to
    come or anything that cannot be read; nothing of such a file is taken.
    """
    lines = text.removeprefix("\ufeff")
    mark = ";" if ";" in lines.partition("\n")[0] else ","
    rows = csv.reader(io.StringIO(lines, newline=""), delimiter=mark)
    found: list[Result] = []
    faults: list[tuple[int, Fault]] = []
    seen: set[str] = set()
    try:
        if tuple(cell.strip().lower() for cell in next(rows, [])) != COLUMNS:
            raise FaultyError([(1, Fault.HEADER)])
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            one = _result([cell.strip() for cell in row], exam, candidates, seen, today)
            if isinstance(one, Fault):
                faults.append((rows.line_num, one))
            else:
                found.append(one)
                seen.add(one.reference)
    except csv.Error as problem:
        raise FaultyError([(rows.line_num, Fault.SHAPE)]) from problem
    if faults:
        raise FaultyError(faults)
    if not found:
        raise FaultyError([(1, Fault.EMPTY)])
    return found


def _result(
    row: list[str], exam: str, candidates: Mapping[str, bool], seen: set[str], today: date
) -> Result | Fault:
    if len(row) != len(COLUMNS):
        return Fault.SHAPE
    reference, of_exam, day, outcome, points = row
    if of_exam != exam:
        return Fault.EXAM
    if reference not in candidates:
        return Fault.UNKNOWN
    if candidates[reference] or reference in seen:
        return Fault.TWICE
    try:
        sat_on = date.fromisoformat(day)
    except ValueError:
        return Fault.DAY
    if sat_on > today:
        return Fault.DAY
    if outcome not in ("passed", "failed"):
        return Fault.OUTCOME
    try:
        number = Decimal(points.replace(",", ".")) if points else None
    except InvalidOperation:
        return Fault.POINTS
    if number is not None and not (number.is_finite() and 0 <= number < MOST):
        return Fault.POINTS
    return Result(reference, sat_on, outcome, number)
