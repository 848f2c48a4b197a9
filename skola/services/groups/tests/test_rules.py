from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.groups import rules
from skola.services.groups.rules import (
    Every,
    Fault,
    Standing,
    Unfit,
    access_ends_on,
    can_sign,
    can_withdraw,
    days_fault,
    decisions,
    meeting_days,
    standing,
    takes_applications,
    unfit,
    window_of,
    windows_accepted,
)

AT = datetime(2026, 3, 1, tzinfo=UTC)
FIRST, LAST = date(2026, 3, 16), date(2026, 4, 15)


@pytest.mark.parametrize(
    ("published", "cancelled", "free", "today", "expected"),
    [
        (None, None, 5, FIRST, Standing.DRAFT),
        (AT, None, 5, FIRST, Standing.OPEN),
        (AT, None, 0, FIRST, Standing.FULL),
        (AT, None, 5, FIRST + timedelta(days=1), Standing.RUNNING),
        (AT, None, 5, LAST, Standing.RUNNING),
        (AT, None, 5, LAST + timedelta(days=1), Standing.OVER),
        (AT, AT, 5, LAST + timedelta(days=1), Standing.CANCELLED),
    ],
)
def test_a_run_stands_somewhere(
    published: datetime | None,
    cancelled: datetime | None,
    free: int,
    today: date,
    expected: Standing,
) -> None:
    found = standing(
        published_at=published,
        cancelled_at=cancelled,
        apply_until=FIRST,
        starts_on=FIRST,
        ends_on=LAST,
        free=free,
        today=today,
    )

    assert found is expected


def test_between_the_last_day_to_apply_and_the_first_day_it_is_closed() -> None:
    found = standing(
        published_at=AT,
        cancelled_at=None,
        apply_until=date(2026, 3, 10),
        starts_on=FIRST,
        ends_on=LAST,
        free=1,
        today=date(2026, 3, 11),
    )

    assert found is Standing.CLOSED


@pytest.mark.parametrize(("day", "takes"), [(FIRST, True), (FIRST + timedelta(days=1), False)])
def test_one_applies_through_the_last_day(day: date, takes: bool) -> None:
    asked = {"apply_until": FIRST, "today": day}

    assert takes_applications(published_at=AT, cancelled_at=None, **asked) is takes
    assert takes_applications(published_at=None, cancelled_at=None, **asked) is False
    assert takes_applications(published_at=AT, cancelled_at=AT, **asked) is False


@pytest.mark.parametrize(
    ("ends_on", "apply_until", "fault"),
    [
        (LAST, FIRST, Fault.NONE),
        (FIRST, FIRST, Fault.NONE),
        (FIRST - timedelta(days=1), FIRST, Fault.ENDS_BEFORE),
        (FIRST + timedelta(days=1_096), FIRST, Fault.TOO_LONG),
        (LAST, LAST + timedelta(days=1), Fault.APPLY_AFTER_END),
    ],
)
def test_days_of_a_run_fit_together(ends_on: date, apply_until: date, fault: Fault) -> None:
    assert days_fault(starts_on=FIRST, ends_on=ends_on, apply_until=apply_until) is fault


def test_meetings_come_once_each_working_day_or_each_week() -> None:
    friday = date(2026, 3, 20)

    assert list(meeting_days(friday, LAST, Every.ONCE)) == [friday]
    assert [day.day for day in meeting_days(friday, date(2026, 3, 24), Every.DAY)] == [20, 23, 24]
    assert [day.day for day in meeting_days(friday, date(2026, 4, 3), Every.WEEK)] == [20, 27, 3]


@given(st.dates(max_value=date(9000, 1, 1)), st.integers(0, 60), st.sampled_from(Every))
def test_no_meeting_lies_outside_its_days(first: date, length: int, every: Every) -> None:
    last = first + timedelta(days=length)

    assert all(first <= day <= last for day in meeting_days(first, last, every))


@pytest.mark.parametrize(
    ("stage", "free", "cancelled", "expected"),
    [
        ("received", 1, False, ("admitted", "waiting", "refused")),
        ("received", 0, False, ("waiting", "refused")),
        ("waiting", 1, False, ("admitted", "refused")),
        ("waiting", 0, False, ("refused",)),
        ("admitted", 1, False, ()),
        ("received", 1, True, ()),
    ],
)
def test_staff_admit_while_there_is_a_seat(
    stage: str, free: int, cancelled: bool, expected: tuple[str, ...]
) -> None:
    assert decisions(stage, free=free, cancelled=cancelled) == expected


@pytest.mark.parametrize(
    ("stage", "result", "today", "expected"),
    [
        ("received", "", LAST, True),
        ("admitted", "", LAST, True),
        ("admitted", "passed", LAST, False),
        ("refused", "", LAST, False),
        ("withdrawn", "", LAST, False),
        ("admitted", "", LAST + timedelta(days=1), False),
    ],
)
def test_one_steps_back_until_the_end(stage: str, result: str, today: date, expected: bool) -> None:
    assert can_withdraw(stage, result=result, ends_on=LAST, today=today) is expected


@given(st.datetimes(timezones=st.just(UTC)), st.integers(0, 59))
def test_a_code_is_accepted_for_a_minute_after_it_was_shown(shown: datetime, seconds: int) -> None:
    later = shown + timedelta(seconds=seconds) if shown.year < 9000 else shown

    assert window_of(shown) in windows_accepted(later)
    assert window_of(shown) + 1 not in windows_accepted(shown)
    if shown.year < 9000:
        assert window_of(shown) not in windows_accepted(shown + timedelta(seconds=90))


@pytest.mark.parametrize(
    ("minutes", "expected"), [(-31, False), (-30, True), (0, True), (225, True), (226, False)]
)
def test_a_meeting_is_signed_around_its_time(minutes: int, expected: bool) -> None:
    begins, ends = AT, AT + timedelta(minutes=195)

    assert can_sign(begins, ends, AT + timedelta(minutes=minutes)) is expected


def test_a_trainer_sees_a_group_until_it_ends_or_the_contract_does() -> None:
    assert access_ends_on(LAST, None) == LAST
    assert access_ends_on(LAST, FIRST) == FIRST
    assert access_ends_on(FIRST, LAST) == FIRST


@pytest.mark.parametrize(
    ("verdict", "again_on", "expected"),
    [
        ("", None, Unfit.NOT_EVALUATED),
        ("unfit", LAST, Unfit.EVALUATED_UNFIT),
        ("fit", FIRST - timedelta(days=1), Unfit.EVALUATION_OLD),
        ("fit", FIRST, Unfit.NONE),
    ],
)
def test_a_partner_is_fit_while_the_evaluation_is_young(
    verdict: str, again_on: date | None, expected: Unfit
) -> None:
    assert unfit(verdict=verdict, evaluate_again_on=again_on, today=FIRST) is expected


def test_a_list_of_learners_is_read_line_by_line() -> None:
    found = rules.learners_in("Jānis, Kalns, K@Berzs.example\n\nIlze;Roze;r@berzs.example")

    assert found == [
        rules.Learner("Jānis", "Kalns", "k@berzs.example"),
        rules.Learner("Ilze", "Roze", "r@berzs.example"),
    ]


@pytest.mark.parametrize(
    "line",
    ["Jānis Kalns", "Jānis, Kalns", "Jānis,,k@b.example", "A,B,C,d@e.example", "A,B,no-address"],
)
def test_a_line_that_is_not_whole_is_named(line: str) -> None:
    with pytest.raises(rules.LineError) as problem:
        rules.learners_in(f"Ilze,Roze,r@berzs.example\n{line}")

    assert (problem.value.number, str(problem.value)) == (2, line)


def test_an_address_stands_once() -> None:
    with pytest.raises(rules.LineError):
        rules.learners_in("A,B,a@b.example\nC,D,A@b.example")
