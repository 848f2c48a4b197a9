from datetime import date

import pytest

from skola.services.statements.rules import Missed, Place, Result, missed, place, result, tally


@pytest.mark.parametrize(
    ("lessons", "band"),
    [(0, Missed.NONE), (1, Missed.FEW), (10, Missed.FEW), (11, Missed.SOME), (41, Missed.MANY)],
)
def test_missed_lessons_have_bands(lessons: int, band: Missed) -> None:
    assert missed(lessons) == band


@pytest.mark.parametrize(
    ("values", "band"),
    [
        ((), Result.NONE),
        (("",), Result.NONE),
        (("4", "3"), Result.GOOD),
        (("3", "2"), Result.FAIR),
        (("3", "1", "2"), Result.WEAK),
        (("A", "MA"), Result.GOOD),
        (("MA",), Result.WEAK),
    ],
)
def test_results_have_bands_on_both_scales(values: tuple[str, ...], band: Result) -> None:
    assert result(values) == band


def test_the_last_day_counts_as_there() -> None:
    last = date(2026, 2, 27)

    assert place(None, last) == Place.THERE
    assert place(last, last) == Place.THERE
    assert place(date(2026, 2, 26), last) == Place.LEFT


def test_bands_are_counted_in_their_order() -> None:
    told = [("7.B", "x"), ("7.B", "y"), ("8.A", "y")]

    assert tally(["7.B", "8.A"], ["y", "x"], told) == ((1, 1), (1, 0))
