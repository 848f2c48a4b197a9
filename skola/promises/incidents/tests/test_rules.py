"""The clock of a breach."""

from datetime import UTC, datetime, timedelta

import pytest

from skola.promises.incidents.rules import LATE, hours_left, level

KNOWN = datetime(2026, 3, 6, 17, 0, tzinfo=UTC)
BY = KNOWN + timedelta(hours=72)


@pytest.mark.parametrize(
    ("hours", "reached"),
    [(0, 0), (35.9, 0), (36, 50), (54, 75), (64.8, 90), (72, 90), (72.01, LATE), (-5, 0)],
)
def test_the_clock_runs_in_hours_over_nights_and_weekends(hours: float, reached: int) -> None:
    assert level(KNOWN, BY, KNOWN + timedelta(hours=hours)) == reached


def test_the_hours_that_are_left_are_whole_and_below_zero_when_it_is_over() -> None:
    assert hours_left(BY, KNOWN + timedelta(minutes=30)) == 71
    assert hours_left(BY, BY + timedelta(minutes=1)) == -1
