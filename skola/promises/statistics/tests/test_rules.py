"""What may be shown of a table: nothing small, and nothing from which something small follows."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skola.promises.statistics.rules import Counts, Shown, suppress

LEAST = 5


def counts(numbers: list[list[int]]) -> Counts:
    return Counts(
        tuple(f"r{n}" for n in range(len(numbers))),
        tuple(f"c{n}" for n in range(len(numbers[0]))),
        tuple(map(tuple, numbers)),
    )


@st.composite
def tables(draw: st.DrawFn, rows: int = 6, columns: int = 5, most: int = 20) -> Counts:
    """Tables in which small numbers are common."""
    width = draw(st.integers(1, columns))
    number = st.one_of(st.integers(0, LEAST), st.integers(0, most))
    line = st.lists(number, min_size=width, max_size=width)
    return counts(draw(st.lists(line, min_size=1, max_size=rows)))


def full(shown: Shown) -> dict[tuple[int, int], int | None]:
    return {
        (row, column): value
        for row, line in enumerate(shown.numbers)
        for column, value in enumerate(line)
    }


@given(tables())
def test_no_small_number_is_shown_and_what_is_shown_is_true(table: Counts) -> None:
    told, true = full(suppress(table, LEAST)), table.with_totals()

    for (row, column), value in told.items():
        assert value is None or value == true[row][column]
        assert value is None or value == 0 or value >= LEAST


@given(tables())
def test_no_number_left_out_follows_from_the_others_by_linear_algebra(table: Counts) -> None:
    shown = suppress(table, LEAST)
    gaps = [cell for cell, value in full(shown).items() if value is None]

    assert determined(shown, gaps) == set()


def determined(shown: Shown, gaps: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """The gaps that the equations of rows and columns alone fix: an attacker with a pencil."""
    last_row, last_column = len(shown.rows), len(shown.columns)
    place = {cell: n for n, cell in enumerate(gaps)}
    equations = []
    for row in range(last_row + 1):
        line = [Fraction(0)] * len(gaps)
        for column in range(last_column + 1):
            if (row, column) in place:
                line[place[row, column]] = Fraction(-1 if column == last_column else 1)
        equations.append(line)
    for column in range(last_column + 1):
        line = [Fraction(0)] * len(gaps)
        for row in range(last_row + 1):
            if (row, column) in place:
                line[place[row, column]] = Fraction(-1 if row == last_row else 1)
        equations.append(line)
    reduced = eliminate(equations)
    return {
        gaps[next(n for n, value in enumerate(line) if value)]
        for line in reduced
        if sum(1 for value in line if value) == 1
    }


def eliminate(lines: list[list[Fraction]]) -> list[list[Fraction]]:
    """Gauss and Jordan."""
    lines = [list(line) for line in lines]
    done = 0
    for column in range(len(lines[0]) if lines else 0):
        pivot = next((n for n in range(done, len(lines)) if lines[n][column]), None)
        if pivot is None:
            continue
        lines[done], lines[pivot] = lines[pivot], lines[done]
        head = lines[done][column]
        lines[done] = [value / head for value in lines[done]]
        for n, line in enumerate(lines):
            if n != done and line[column]:
                factor = line[column]
                lines[n] = [a - factor * b for a, b in zip(line, lines[done], strict=True)]
        done += 1
    return lines[:done]


@settings(max_examples=20)
@given(tables(rows=2, columns=2, most=8))
def test_no_number_left_out_follows_though_nothing_is_negative(table: Counts) -> None:
    """Every table of numbers that agrees with what is shown is tried."""
    shown = suppress(table, LEAST)
    told, true = full(shown), table.with_totals()
    gaps = [cell for cell, value in told.items() if value is None]
    values: dict[tuple[int, int], set[int]] = {cell: set() for cell in gaps}
    rows, columns = len(table.rows), len(table.columns)
    choices = [
        range(14) if told[row, column] is None else [told[row, column] or 0]
        for row in range(rows)
        for column in range(columns)
    ]
    for chosen in product(*choices):
        lines = tuple(tuple(chosen[n * columns : (n + 1) * columns]) for n in range(rows))
        sums = Counts(table.rows, table.columns, lines).with_totals()
        if all(value in (None, sums[row][column]) for (row, column), value in told.items()):
            for row, column in gaps:
                values[row, column].add(sums[row][column])

    for row, column in gaps:
        assert len(values[row, column]) > 1
        if true[row][column] < LEAST:
            assert max(values[row, column]) >= LEAST


def test_one_small_number_takes_three_partners_and_no_total() -> None:
    shown = suppress(counts([[3, 20, 30], [12, 9, 40], [15, 25, 10]]), LEAST)

    assert shown.numbers == (
        (None, None, 30, 53),
        (None, None, 40, 61),
        (15, 25, 10, 50),
        (30, 54, 80, 164),
    )


def test_where_nothing_is_small_everything_is_shown() -> None:
    shown = suppress(counts([[5, 0], [7, 9]]), LEAST)

    assert shown.numbers == ((5, 0, 5), (7, 9, 16), (12, 9, 21))


def test_a_table_of_one_class_hides_what_its_total_would_give_away() -> None:
    shown = suppress(counts([[2, 20]]), LEAST)

    assert shown.numbers[0][0] is None
    assert determined(shown, [c for c, value in full(shown).items() if value is None]) == set()


@pytest.mark.parametrize(
    "wrong", [lambda: Counts((), (), ()), lambda: counts([[1], [2, 3]]), lambda: counts([[-1]])]
)
def test_what_is_no_table_is_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError, match=r"."):
        wrong()


def test_a_large_table_is_done_though_half_of_it_is_small() -> None:
    chance = Random(1)
    table = counts([[chance.choice((0, 2, 4, 9, 30)) for _ in range(50)] for _ in range(60)])

    told = full(suppress(table, LEAST))

    assert not [value for value in told.values() if value is not None and 0 < value < LEAST]
