from datetime import date, time
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.school.rules import (
    Differs,
    Planned,
    Regular,
    What,
    plan,
    runs_on,
    school_year,
)

MONDAY = date(2026, 3, 2)


def regular(number: int = 1, *, slot: UUID | None = None, until_on: date | None = None) -> Regular:
    """A lesson of the timetable in room 12."""
    begins, ends = time(7 + number), time(7 + number, 45)
    first = date(2025, 9, 1)
    return Regular(slot or uuid4(), uuid4(), number, begins, ends, "12", first, until_on)


def what(one: Planned) -> tuple[What, str]:
    return one.what, one.room


def test_a_day_is_in_the_order_of_its_bells_with_its_changes() -> None:
    first, second, third = regular(1), regular(2), regular(3)
    substitute = uuid4()
    differs = {
        first.slot: Differs(is_cancelled=True),
        third.slot: Differs(is_cancelled=False, room="7", teacher=substitute),
    }

    day = plan([third, first, second], differs, MONDAY)

    assert [one.regular for one in day] == [first, second, third]
    assert [what(one) for one in day] == [
        (What.CANCELLED, "12"),
        (What.PLANNED, "12"),
        (What.CHANGED, "7"),
    ]
    assert day[2].teacher == substitute


@pytest.mark.parametrize(
    ("until_on", "runs"), [(None, True), (MONDAY, True), (date(2026, 3, 1), False)]
)
def test_a_lesson_runs_through_its_last_day(until_on: date | None, runs: bool) -> None:
    assert runs_on(regular(until_on=until_on), MONDAY) is runs


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_day_is_in_its_school_year_and_years_do_not_overlap(day: date) -> None:
    first, last = school_year(day)

    assert first <= day <= last
    assert school_year(first) == school_year(last) == (first, last)
