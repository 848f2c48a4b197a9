from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.diary.rules import (
    SCALES,
    TYPING,
    Explained,
    NoteFault,
    Span,
    after_tap,
    birthday,
    days_shown,
    explained,
    guardian_sees,
    mean,
    minutes_late,
    needs_reason,
    next_lesson_day,
    note_fault,
    read_mark,
)

BELL = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
MONDAY = date(2026, 3, 2)


def test_three_taps_come_back_to_where_they_began() -> None:
    assert [after_tap("present"), after_tap("absent"), after_tap("late")] == [
        "absent",
        "late",
        "present",
    ]


@pytest.mark.parametrize(
    ("after", "minutes"), [(-60, 5), (0, 5), (59, 5), (60, 1), (2_700, 45), (2_760, 5), (9_000, 5)]
)
def test_lateness_is_by_the_clock_where_the_clock_can_tell(after: int, minutes: int) -> None:
    assert minutes_late(BELL, BELL + timedelta(seconds=after)) == minutes


@given(st.sampled_from(sorted(SCALES)), st.text(max_size=3))
def test_a_mark_is_of_its_scale_or_none(scale: str, typed: str) -> None:
    assert read_mark(scale, typed) in (None, "", *SCALES[scale])


@pytest.mark.parametrize(
    ("scale", "values", "words"),
    [
        ("1-5", [], ""),
        ("1-5", ["5", "4"], "4.5"),
        ("1-5", ["4", "4", "4", "5"], "4.3"),
        ("1-5", ["1", "1"], "1.0"),
        ("passing", ["A", "MA"], ""),
    ],
)
def test_a_mean_is_rounded_as_schools_do(scale: str, values: list[str], words: str) -> None:
    assert mean(scale, values) == words


@given(st.lists(st.sampled_from(SCALES["1-5"]), min_size=1, max_size=40))
def test_a_mean_lies_between_the_worst_and_the_best(values: list[str]) -> None:
    numbers = [int(value) for value in values]

    assert min(numbers) <= float(mean("1-5", values)) <= max(numbers)


@pytest.mark.parametrize(
    ("before", "later", "needed"),
    [
        ("4", TYPING, False),
        ("4", TYPING + timedelta(seconds=1), True),
        ("", TYPING * 9, False),
    ],
)
def test_only_a_mark_that_stands_needs_a_reason(
    before: str, later: timedelta, needed: bool
) -> None:
    assert needs_reason(before, BELL, BELL + later) is needed


@pytest.mark.parametrize(
    ("spans", "told"),
    [
        ([], Explained.NO),
        ([Span(MONDAY, MONDAY, is_confirmed=False)], Explained.WAITING),
        ([Span(MONDAY, MONDAY, False), Span(MONDAY, MONDAY, True)], Explained.YES),
        ([Span(MONDAY + timedelta(days=1), MONDAY + timedelta(days=2), True)], Explained.NO),
    ],
)
def test_only_a_confirmed_note_explains(spans: list[Span], told: Explained) -> None:
    assert explained(MONDAY, spans) == told


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (0, 0, NoteFault.NONE),
        (0, -1, NoteFault.BACKWARDS),
        (0, 31, NoteFault.NONE),
        (0, 32, NoteFault.TOO_LONG),
        (-31, -30, NoteFault.NONE),
        (-32, -30, NoteFault.TOO_OLD),
    ],
)
def test_a_note_is_for_days_that_can_be(first: int, last: int, fault: NoteFault) -> None:
    days = timedelta(days=first), timedelta(days=last)
    assert note_fault(MONDAY + days[0], MONDAY + days[1], MONDAY) == fault


@pytest.mark.parametrize(
    ("born", "of_age"),
    [(date(2008, 3, 2), date(2026, 3, 2)), (date(2008, 2, 29), date(2026, 3, 1))],
)
def test_one_is_of_age_on_the_birthday(born: date, of_age: date) -> None:
    assert birthday(born, 18) == of_age
    for today, sees in ((of_age - timedelta(days=1), True), (of_age, False)):
        assert guardian_sees(birth_on=born, until_age=18, is_allowed=False, today=today) is sees
        assert guardian_sees(birth_on=born, until_age=18, is_allowed=True, today=today)
        assert guardian_sees(birth_on=born, until_age=None, is_allowed=False, today=today)
    assert guardian_sees(birth_on=None, until_age=18, is_allowed=False, today=of_age)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_days_shown_are_working_days_from_today_on(today: date) -> None:
    days = days_shown(today, 5)

    assert len(days) == 5
    assert days == sorted(set(days))
    assert all(day >= today and day.isoweekday() <= 5 for day in days)


def test_homework_is_for_the_next_lesson() -> None:
    assert next_lesson_day([1, 4], MONDAY) == MONDAY + timedelta(days=3)
    assert next_lesson_day([1], MONDAY) == MONDAY + timedelta(days=7)
    assert next_lesson_day([], MONDAY) is None
