"""A wrong clock erases nothing, and somebody is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.clock import Clocks
from skola.ground.people.models import Preferences
from skola.ground.tenants.api import Tenant
from skola.promises.retention import commands
from skola.promises.retention.actions.clock_guard import (
    ClockDoubtError,
    clock_doubt,
    confirm_clock,
)
from skola.promises.retention.actions.runs import run_sweep
from skola.promises.retention.models import Sweep, Timekeeping
from skola.promises.retention.tests import make
from skola.promises.retention.tests.conftest import SetTerms
from skola.promises.retention.timekeeping import AGREE, SILENCE, Doubt, Readings, doubt_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JUMPS = [HOUR, -HOUR, DAY, -DAY, 3652 * DAY]


@pytest.fixture
def row(terms: SetTerms, tenant: Tenant) -> Preferences:
    """Something that goes in half an hour, so that every jump forward would erase it too early."""
    now = clock.now()
    terms(make.rule(at_most={"period": "90 minutes", "after": "record.created"}))
    made = Preferences.objects.create(person=make.person(now), created_at=now - HOUR)
    run_sweep(now=now, clocks=clock.clocks())
    return made


def moved(by: timedelta) -> tuple[datetime, Clocks]:
    """What the machine would say if its clock were moved; its seconds go on as they were."""
    clocks = clock.clocks()
    return clock.now() + by, replace(clocks, host=clocks.host + by)


def still_there(row: Preferences) -> bool:
    return Preferences.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("jump", JUMPS)
def test_a_machine_apart_from_its_database_erases_nothing(
    row: Preferences, jump: timedelta
) -> None:
    now, clocks = moved(jump)

    with pytest.raises(ClockDoubtError, match="Set the clocks right"):
        run_sweep(now=now, clocks=clocks)

    assert still_there(row)
    doubt = clock_doubt()
    assert doubt is not None
    assert doubt.doubt == Doubt.APART
    run_sweep(now=clock.now(), clocks=clock.clocks())
    assert clock_doubt() is None


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_moved_together_with_the_databases_erases_nothing(
    row: Preferences, jump: timedelta, both_move: Callable[[timedelta], None]
) -> None:
    """One machine, one clock: its count of seconds says that the time has not passed."""
    both_move(jump)
    now, clocks = moved(jump)

    with pytest.raises(ClockDoubtError) as told:
        run_sweep(now=now, clocks=clocks)

    assert told.value.doubt is Doubt.STEPPED
    assert still_there(row)


@pytest.fixture
def both_move(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move the database's clock, too."""
    from skola.promises.retention.actions import clock_guard

    plain = clock_guard.readings

    def move(by: timedelta) -> None:
        def moved_readings(now: datetime, clocks: Clocks) -> Readings:
            found = plain(now, clocks)
            return replace(found, database=found.database + by)

        monkeypatch.setattr(clock_guard, "readings", moved_readings)

    return move


def restarted(clocks: Clocks) -> Clocks:
    """The same after a new start of the machine: its seconds begin anew."""
    return replace(clocks, boot="another", ticks=1.0)


def test_after_long_silence_somebody_confirms_and_the_sweep_catches_up(
    row: Preferences, both_move: Callable[[timedelta], None]
) -> None:
    both_move(27 * HOUR)
    now, clocks = moved(27 * HOUR)
    clocks = restarted(clocks)

    with pytest.raises(ClockDoubtError, match="--confirm-clock"):
        run_sweep(now=now, clocks=clocks)
    assert still_there(row)
    confirm_clock(clocks=clocks, by="officer", now=now)
    run_sweep(now=now, clocks=clocks)

    assert not still_there(row)
    assert Entry.objects.get(kind="retention.clock.confirmed").by == "officer"


def test_a_service_that_slept_for_a_night_goes_on_by_itself(
    row: Preferences, both_move: Callable[[timedelta], None]
) -> None:
    both_move(10 * HOUR)
    now, clocks = moved(10 * HOUR)

    run_sweep(now=now, clocks=restarted(clocks))

    assert not still_there(row)


def test_a_clock_that_went_back_waits_until_somebody_says_which_was_wrong(
    row: Preferences,
) -> None:
    future = clock.now() + 100 * DAY
    Sweep.objects.create(swept_at=future, policy="p")

    with pytest.raises(ClockDoubtError) as told:
        run_sweep(now=clock.now(), clocks=clock.clocks())
    assert told.value.doubt is Doubt.BACK
    confirm_clock(clocks=clock.clocks(), by="officer", now=clock.now())
    run_sweep(now=clock.now(), clocks=clock.clocks())

    assert still_there(row)
    assert clock_doubt() is None


def test_an_entry_of_the_audit_from_the_future_is_a_clock_that_went_back(row: Preferences) -> None:
    Entry.objects.create(at=clock.now() + DAY, kind="k", by="system")

    with pytest.raises(ClockDoubtError) as told:
        run_sweep(now=clock.now(), clocks=clock.clocks())

    assert told.value.doubt is Doubt.BACK


def test_two_clocks_apart_cannot_be_confirmed(row: Preferences) -> None:
    now, clocks = moved(HOUR)

    with pytest.raises(ClockDoubtError):
        confirm_clock(clocks=clocks, by="officer", now=now)

    assert Entry.objects.filter(kind="retention.clock.confirmed").count() == 0


def test_a_declared_day_is_no_broken_clock(row: Preferences) -> None:
    with clock.standing_at(clock.now() + 400 * DAY):
        run_sweep(now=clock.now(), clocks=clock.clocks())

    assert not still_there(row)


def test_a_step_while_the_sweep_runs_changes_nothing(row: Preferences) -> None:
    """The moment is read once, before: what the clock does later erases nothing more."""
    from skola.promises.retention.actions import sweeps

    now, clocks = clock.now(), clock.clocks()
    with clock.standing_at(now + 3652 * DAY):
        run_sweep(now=now, clocks=clocks)

    assert still_there(row)
    assert sweeps.preview(now=now + HOUR).erased == 1


def test_the_command_says_what_to_do_and_confirms(
    row: Preferences, capsys: pytest.CaptureFixture[str]
) -> None:
    Timekeeping.objects.update(told_at=clock.now() - 30 * HOUR)
    Sweep.objects.update(swept_at=clock.now() - 30 * HOUR)

    assert commands.sweep(now=clock.now(), clocks=clock.clocks()) == 1
    assert "skola sweep --confirm-clock" in capsys.readouterr().out
    assert commands.confirm(now=clock.now(), clocks=clock.clocks()) == 0
    assert commands.sweep(now=clock.now(), clocks=clock.clocks()) == 0


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def readings(**said: object) -> Readings:
    given_: dict[str, object] = {"now": NOON, "host": NOON, "database": NOON, **said}
    return Readings(**given_)  # type: ignore[arg-type]


@given(st.timedeltas(min_value=-3652 * DAY, max_value=3652 * DAY))
def test_within_two_minutes_they_agree_and_beyond_they_do_not(apart: timedelta) -> None:
    found = doubt_of(readings(database=NOON + apart))

    assert (found is Doubt.APART) == (abs(apart) > AGREE)


@given(st.timedeltas(min_value=-3652 * DAY, max_value=3652 * DAY))
def test_only_moments_soon_after_the_last_are_believed(since: timedelta) -> None:
    found = doubt_of(readings(recorded=NOON - since))

    if since < -AGREE:
        assert found is Doubt.BACK
    elif since > SILENCE:
        assert found is Doubt.AHEAD
    else:
        assert found is None
