"""At the very edges of what is believed: two minutes, twenty-six hours, the same start."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from skola.promises.retention.timekeeping import AGREE, SILENCE, Doubt, Readings, doubt_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
A_TICK = timedelta(microseconds=1)


def doubt(**said: Any) -> Doubt | None:
    return doubt_of(Readings(**{"now": NOON, "host": NOON, "database": NOON, **said}))


def stepped(by: timedelta, **said: Any) -> Doubt | None:
    """The machine's clock went on by ten minutes and ``by``, its seconds by ten minutes."""
    before = {"boot": "a", "last_boot": "a", "last_ticks": 0.0, "ticks": 600.0}
    return doubt(**{**before, "last_host": NOON - timedelta(minutes=10) - by, **said})


def test_two_minutes_and_twenty_six_hours_are_the_limits() -> None:
    assert timedelta(minutes=2) == AGREE
    assert timedelta(hours=26) == SILENCE


@pytest.mark.parametrize("sign", [-1, 1])
def test_two_minutes_apart_are_together_and_a_tick_more_is_apart(sign: int) -> None:
    for one in ({"database": NOON + sign * AGREE}, {"now": NOON + sign * AGREE}):
        assert doubt(**one) is None
    assert doubt(host=NOON + sign * AGREE) is None
    more = sign * (AGREE + A_TICK)
    assert doubt(database=NOON + more, now=NOON + more) is Doubt.APART
    assert doubt(now=NOON + more) is Doubt.APART


def test_what_was_recorded_may_lie_two_minutes_ahead_and_twenty_six_hours_back() -> None:
    assert doubt(recorded=NOON + AGREE) is None
    assert doubt(recorded=NOON + AGREE + A_TICK) is Doubt.BACK
    assert doubt(recorded=NOON - SILENCE) is None
    assert doubt(recorded=NOON - SILENCE - A_TICK) is Doubt.AHEAD


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_step_of_two_minutes_is_none_and_a_tick_more_is_one(sign: int) -> None:
    assert stepped(sign * AGREE) is None
    assert stepped(sign * (AGREE + A_TICK)) is Doubt.STEPPED


def test_only_since_the_same_start_do_the_seconds_tell() -> None:
    far = timedelta(days=100)
    assert stepped(far) is Doubt.STEPPED
    assert stepped(far, last_boot="another") is None
    assert stepped(far, boot="", last_boot="") is None
    assert stepped(far, last_host=None) is None


def test_a_declared_day_may_lie_anywhere_while_the_clocks_agree() -> None:
    far = timedelta(days=400)
    assert doubt(now=NOON + far, recorded=NOON, is_declared=True) is None
    assert doubt(database=NOON + far, is_declared=True) is Doubt.APART
