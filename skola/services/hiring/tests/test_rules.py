from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.ground import clock
from skola.services.hiring import rules
from skola.services.hiring.rules import Fault

VILNIUS = ZoneInfo("Europe/Vilnius")
TODAY = date(2026, 3, 2)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("latest_on", "fault"),
    [
        (date(2026, 3, 1), Fault.PAST),
        (TODAY, Fault.NONE),
        (date(2027, 3, 2), Fault.NONE),
        (date(2027, 3, 3), Fault.TOO_FAR),
    ],
)
def test_a_selection_ends_between_today_and_a_year_from_now(latest_on: date, fault: Fault) -> None:
    assert rules.latest_fault(latest_on, TODAY) is fault


@given(days, days)
def test_what_may_be_published_is_not_over(latest_on: date, today: date) -> None:
    if rules.latest_fault(latest_on, today) is Fault.NONE:
        assert not rules.over_on(latest_on, today)


@given(days)
def test_the_latest_moment_lies_within_the_latest_day(day: date) -> None:
    moment = clock.last_second(day, VILNIUS)

    assert moment.astimezone(VILNIUS).date() == day
    assert (moment + timedelta(seconds=1)).astimezone(VILNIUS).date() == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("published", "closed", "latest_on", "takes"),
    [
        (True, False, TODAY, True),
        (True, False, date(2026, 3, 1), False),
        (True, True, TODAY, False),
        (False, False, TODAY, False),
    ],
)
def test_when_people_can_apply(published: bool, closed: bool, latest_on: date, takes: bool) -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)

    assert (
        rules.takes_applications(
            published_at=moment if published else None,
            closed_at=moment if closed else None,
            latest_on=latest_on,
            today=TODAY,
        )
        is takes
    )


@given(st.sampled_from(rules.STAGES))
def test_an_application_goes_anywhere_else_until_the_selection_closes(stage: str) -> None:
    assert {*rules.stages_from(stage, closed=False), stage} == set(rules.STAGES)
    assert rules.stages_from(stage, closed=True) == ()
