from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from skola.services.chat.rules import Span, Standing, standing

VILNIUS = ZoneInfo("Europe/Vilnius")
OFFICE = [Span(day, time(8), time(17)) for day in range(5)]
MONDAY = date(2026, 3, 2)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VILNIUS)


def test_the_hour_of_opening_counts_and_that_of_closing_does_not() -> None:
    assert standing(at(MONDAY, 7, 59), OFFICE) == Standing(False, at(MONDAY, 8))
    assert standing(at(MONDAY, 8), OFFICE) == Standing(True, at(MONDAY, 17))
    assert standing(at(MONDAY, 17), OFFICE) == Standing(False, at(MONDAY + timedelta(1), 8))


def test_over_a_weekend_and_a_holiday_it_opens_on_the_next_day_with_hours() -> None:
    friday, monday, tuesday = (MONDAY + timedelta(days) for days in (4, 7, 8))

    assert standing(at(friday, 18), OFFICE).changes_at == at(monday, 8)
    closed = standing(at(friday, 18), OFFICE, lambda day: day == monday)
    assert closed.changes_at == at(tuesday, 8)
    assert standing(at(monday, 9), OFFICE, lambda day: day == monday) == Standing(
        False, at(tuesday, 8)
    )


def test_without_hours_nobody_ever_answers() -> None:
    assert standing(at(MONDAY, 9), []) == Standing(False)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 1)), st.integers(0, 23), st.integers(0, 59))
def test_what_changes_is_always_ahead(day: date, hour: int, minute: int) -> None:
    now = at(day, hour, minute)
    found = standing(now, OFFICE)

    assert found.changes_at is not None
    assert found.changes_at > now
    assert standing(found.changes_at, OFFICE).is_open is not found.is_open
