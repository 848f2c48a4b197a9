"""Fees to the day and to the cent."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.customers.rules import (
    Period,
    Step,
    months_later,
    periods,
    unit_price,
    unused_cents,
)

STEPS = [Step(100, 240), Step(1, 300), Step(500, 200)]
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("pupils", "cents"), [(0, 300), (1, 300), (99, 300), (100, 240), (499, 240), (500, 200)]
)
def test_the_step_that_a_school_has_reached_holds_for_each_pupil(pupils: int, cents: int) -> None:
    assert unit_price(STEPS, pupils) == cents


def test_a_period_that_begins_on_the_last_of_a_month_does_not_drift() -> None:
    found = periods(date(2026, 1, 31), 1, date(2026, 4, 1))
    assert [(one.from_on.isoformat(), one.until_on.isoformat()) for one in found] == [
        ("2026-01-31", "2026-02-27"),
        ("2026-02-28", "2026-03-30"),
        ("2026-03-31", "2026-04-29"),
    ]


@given(DAYS, st.integers(1, 24), st.integers(0, 900))
def test_every_day_is_in_one_period(first: date, months: int, later: int) -> None:
    until = first + timedelta(days=later)
    found = list(periods(first, months, until))
    assert found[0].from_on == first
    assert found[-1].from_on <= until <= found[-1].until_on
    for one, following in pairwise(found):
        assert one.until_on + timedelta(days=1) == following.from_on


YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("last_on", "cents"),
    [
        (date(2025, 12, 31), 36_500),
        (date(2026, 1, 1), 36_400),
        (date(2026, 12, 30), 100),
        (date(2026, 12, 31), 0),
        (date(2027, 5, 1), 0),
        (date(2025, 1, 1), 36_500),
    ],
)
def test_what_was_not_used_is_counted_by_days(last_on: date, cents: int) -> None:
    assert unused_cents(36_500, YEAR, last_on) == cents


@given(st.integers(0, 10**7), DAYS)
def test_never_more_is_given_back_than_was_paid(cents: int, last_on: date) -> None:
    assert 0 <= unused_cents(cents, YEAR, last_on) <= cents


def test_a_month_that_lacks_the_day_ends_with_its_last() -> None:
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
