"""Which numbers of a table may be shown: small ones are left out, and what would give them away.

A table of counts with its totals is a set of equations. Numbers below the least cell are left out
(primary suppression); then others (complementary suppression), chosen by the hypercube method of
Repsilber (GHMITER, as in τ-ARGUS): each small number gets three partners at the corners of a
rectangle, of which totals may be a side, so that moving all four leaves every shown number true.
The partners are large enough that the small number might as well be a permitted one.
"""

from collections.abc import Callable
from dataclasses import dataclass

Cell = tuple[int, int]
NEAREST = 12
"""So many partners are compared in each direction; a rectangle that exists is always found."""


@dataclass(frozen=True)
class Counts:
    """A table of people counted once in each row and column. No number is negative."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    numbers: tuple[tuple[int, ...], ...]
    people: tuple[tuple[int, ...], ...] | None = None
    """How many people stand behind each number, totals included, where others are counted:
    enrolments, invoices. None: the numbers themselves are people."""

    def __post_init__(self) -> None:
        if len(self.numbers) != len(self.rows) or not self.rows or not self.columns:
            raise ValueError("A table has a line of numbers for each of its rows.")
        if any(len(line) != len(self.columns) for line in self.numbers):
            raise ValueError("A line has a number for each of the columns.")
        if any(number < 0 for line in self.numbers for number in line):
            raise ValueError("A count is not negative.")

    def with_totals(self) -> list[list[int]]:
        """Return the numbers with a last column of row totals and a last row of column totals."""
        lines = [[*line, sum(line)] for line in self.numbers]
        return [*lines, [sum(column) for column in zip(*lines, strict=True)]]


@dataclass(frozen=True)
class Shown:
    """A table as it may be shown: None where a number is left out; totals come last."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    numbers: tuple[tuple[int | None, ...], ...]
    """One line more than ``rows`` and one number more than ``columns``: the totals."""
    least: int


def suppress(counts: Counts, least: int) -> Shown:
    """Leave out what fewer than ``least`` people stand behind, and whatever would give it away.

    Nought is shown: nobody stands behind it. Every number that is shown is the true one. For every
    number left out there are at least two values that agree with all that is shown, and for the
    small ones one of these is ``least`` or more. ``least`` of 1 leaves nothing out.
    """
    full = counts.with_totals()
    people = counts.people or full
    hidden: set[Cell] = set()
    small = [
        (people[row][column], row, column)
        for row, line in enumerate(full)
        for column, value in enumerate(line)
        if value and people[row][column] < least
    ]
    hidden.update((row, column) for _people, row, column in small)
    for behind, row, column in sorted(small):
        hidden |= _rectangle(full, hidden, (row, column), move=least - behind)
    numbers = tuple(
        tuple(None if (row, column) in hidden else value for column, value in enumerate(line))
        for row, line in enumerate(full)
    )
    return Shown(counts.rows, counts.columns, numbers, least)


def _rectangle(full: list[list[int]], hidden: set[Cell], cell: Cell, *, move: int) -> set[Cell]:
    """Return the cheapest rectangle at ``cell`` that lets its number grow by ``move``.

    The corners in line with it fall where both lie inside the table or both are totals, and grow
    with it where one of them is a total. Both corners at the totals only grow, so there is always
    a rectangle.
    """
    row, column = cell
    last_row, last_column = len(full) - 1, len(full[0]) - 1

    def sign(at: Cell) -> int:
        """The direction in which a corner moves when ``cell`` grows."""
        r, c = at
        along = 1 if r == row else (1 if last_row in (r, row) else -1)
        across = 1 if c == column else (1 if last_column in (c, column) else -1)
        return along * across

    def cost(at: Cell) -> tuple[int, int, int]:
        """New gaps among the totals first, then new gaps, then the people they hide."""
        if at in hidden:
            return 0, 0, 0
        is_total = at[0] == last_row or at[1] == last_column
        return int(is_total), 1, full[at[0]][at[1]]

    def gives(at: Cell) -> bool:
        return sign(at) > 0 or full[at[0]][at[1]] >= move

    beside = _nearest(
        [(row, c) for c in range(last_column + 1) if c != column and gives((row, c))], cost
    )
    above = _nearest(
        [(r, column) for r in range(last_row + 1) if r != row and gives((r, column))], cost
    )
    beside += [(row, last_column)] if column != last_column else []
    above += [(last_row, column)] if row != last_row else []
    best: tuple[tuple[int, ...], set[Cell]] | None = None
    for one in beside:
        for other in above:
            corner = (other[0], one[1])
            if not gives(corner):
                continue
            found = {cell, one, other, corner}
            told = [cost(at) for at in (one, other, corner)]
            price = tuple(sum(each) for each in zip(*told, strict=True))
            if best is None or price < best[0]:
                best = price, found
            if not any(price):
                return found
    assert best is not None, "the totals always make a rectangle"
    return best[1]


def _nearest(found: list[Cell], cost: Callable[[Cell], tuple[int, int, int]]) -> list[Cell]:
    return sorted(found, key=cost)[:NEAREST]
