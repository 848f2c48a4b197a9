"""Restore, replay and sweep give the state without the disaster (L20): no replay is idle."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import sized
from skola.ground.journal import api as journal
from skola.ground.journal import registry
from skola.ground.journal.rules import Event
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import sweep
from skola.web.replaying import replay
from tests.promises.restore.copies import (
    START,
    copy_database,
    drop_database,
    inside_database,
    owner,
)
from tests.promises.restore.deciding import DECISIONS, NOT_REPEATED, World, facts, forget_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.tenant("ema")]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Step = tuple[str, int]
STEPS = st.lists(st.tuples(st.sampled_from(sorted(DECISIONS)), st.integers(0, 3)), max_size=8)


@settings(
    max_examples=sized(3, 20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=STEPS, after=STEPS, later=st.sampled_from([1, 40, 400, 3000]))
def test_l20_restore_replay_and_sweep_is_the_state_without_the_disaster(
    tenant: Tenant, place: Path, before: list[Step], after: list[Step], later: int
) -> None:
    world = World()
    for number, (what, whom) in enumerate(before, start=1):
        world.decide(what, whom, START + number * HOUR)
    since = START + DAY
    with a_copy() as copy:
        for number, (what, whom) in enumerate(after, start=1):
            if what not in NOT_REPEATED:
                world.decide(what, whom, since + number * HOUR)
        now = since + timedelta(days=later)
        sweep(now=now)
        expected = facts()

        with inside_database(copy):
            with pytest.raises(journal.ClosedError):
                journal.demand_open(now=now)
            replay(now=now)
            assert facts() == expected
            journal.demand_open(now=now)
            replay(now=now)
            assert facts() == expected
    with transaction.atomic():
        forget_world()


ONE_OF_EACH = (
    "place",
    "release",
    "withdraw consent",
    "withdraw application",
    "object",
    "stop use",
    "take back",
    "refuse offers",
    "object to version",
    "forget file",
    "put right",
    "restrict",
    "lift",
    "erase",
    "hand over",
)
"""Decisions of every kind that the journal has, each about somebody else."""


def test_l20_is_missed_without_any_one_of_the_replays(
    tenant: Tenant, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(len(ONE_OF_EACH))
    for what, undone in (
        ("place", "release"),
        ("consent", "withdraw consent"),
        ("agree", "take back"),
        ("find", "put right"),
        ("restrict", "lift"),
    ):
        world.decide(what, ONE_OF_EACH.index(undone), START)
    now = START + 2 * DAY
    with a_copy() as copy:
        known = len(journal.book().lines())
        for number, what in enumerate(ONE_OF_EACH):
            world.decide(what, number, START + DAY)
        lines = journal.book().lines()[known:]
        assert {one.told.kind for one in lines if isinstance(one.told, Event)} == set(journal.KINDS)
        sweep(now=now)
        expected = facts()

        with inside_database(copy):
            missed = set()
            for kind, handler in every_replay():
                with monkeypatch.context() as lost, undone_again():
                    lost.setitem(registry._repeats, kind, without(handler, kind))
                    replay(now=now)
                    if facts() != expected:
                        missed.add((kind, handler))
            assert missed == set(every_replay())
            for kind in journal.KINDS:
                with monkeypatch.context() as lost:
                    lost.delitem(registry._repeats, kind)
                    with pytest.raises(journal.UnknownKindError, match=kind):
                        replay(now=now)
            with pytest.raises(journal.ClosedError):
                journal.demand_open(now=now)
            replay(now=now)
            assert facts() == expected


@contextmanager
def a_copy() -> Iterator[str]:
    """The database as it is now, under another name: what a backup of this moment would restore."""
    name = f"{owner()['NAME']}_l20"
    copy_database(name)
    try:
        yield name
    finally:
        drop_database(name)


@contextmanager
def undone_again() -> Iterator[None]:
    """What is done in this block leaves no trace: one copy serves every try."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def every_replay() -> list[tuple[str, registry.Repeat]]:
    """Whatever any room has registered, by the kind of event."""
    return [(kind, one) for kind, found in registry._repeats.items() for one in found]


def without(handler: registry.Repeat, kind: str) -> list[registry.Repeat]:
    """The replays of a kind but one, in whose place nothing is done."""

    def nothing(*_told: object) -> None:
        pass

    return [nothing if one is handler else one for one in registry.repeats_of(kind)]
