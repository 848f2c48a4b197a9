from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.licences.rules import (
    ADDING,
    Kind,
    LicenceState,
    ends_on,
    licence_state,
    signed,
)

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(Kind.BOUGHT, 3), (Kind.RELEASED, 3), (Kind.ASSIGNED, -3), (Kind.EXPIRED, -3)],
)
def test_what_an_entry_adds_or_takes(kind: Kind, expected: int) -> None:
    assert signed(kind, 3) == expected
    assert (expected > 0) == (kind in ADDING)
    with pytest.raises(ValueError, match="at least one seat"):
        signed(kind, 0)


@pytest.mark.parametrize(
    ("starts", "months", "expected"),
    [
        (date(2026, 3, 2), 12, date(2027, 3, 2)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
    ],
)
def test_a_licence_ends_on_the_same_day_of_a_later_month(
    starts: date, months: int, expected: date
) -> None:
    assert ends_on(starts, months) == expected


@given(DAYS, st.integers(1, 60), DAYS)
def test_a_licence_runs_from_its_first_day_to_the_day_before_its_end(
    starts: date, months: int, today: date
) -> None:
    end = ends_on(starts, months)
    state = licence_state(starts_on=starts, ends_on=end, today=today)
    assert (state is LicenceState.RUNNING) == (starts <= today < end)
    assert (state is LicenceState.OVER) == (today >= end)
