"""What a replay costs after a restore, beside the least that it could (``python3 run.py bench``).

The least is one digest for each person and one update for each event, without a journal to read, a
chain to check, an action to run, or a position to remember. Both sides are undone afterwards.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import UUID

from django.db import connection, transaction
from django.test.utils import override_settings

from skola.ground.db.walls import APP_ROLE, SETTING
from skola.ground.ids import uuid7
from skola.ground.journal import api as journal
from skola.ground.journal.actions import settle
from skola.ground.journal.rules import Ending, Event, digest_of_subject
from skola.ground.measure import Measure
from skola.ground.tenants.api import Tenant, current_id, inside
from skola.web.replaying import people

PEOPLE = 20_000
EVENTS = 2_000
ROUNDS = 3
SCALE = 5
"""The goal is for 100,000 people and 10,000 events: five times as many of each."""
SECONDS = 60.0
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STATE = "consent:bench"


def measures(only: str = "") -> list[Measure]:
    """Take every measure whose name contains ``only``. Everything made for it is removed again."""
    return [take(name) for name, take in MEASURES.items() if only in name]


def replay_against_updates(name: str) -> Measure:
    """A replay against a digest for each person and an update for each event."""
    values, limits = _rounds()
    ratio = median(value / limit for value, limit in zip(values, limits, strict=True))
    return Measure(name, median(values), median(limits), ratio, 8, ratio <= 8)


def replay_at_full_size(name: str) -> Measure:
    """The same replay, five times as long, against the minute that it may take."""
    values, _ = _rounds()
    whole = median(values) * SCALE
    return Measure(name, whole, SECONDS, whole / SECONDS, 1, whole <= SECONDS)


MEASURES: dict[str, Callable[[str], Measure]] = {
    "replay against plain updates (s)": replay_against_updates,
    "replay of 100,000 people, 10,000 events (s)": replay_at_full_size,
}


def _rounds() -> tuple[list[float], list[float]]:
    values, limits = [], []
    with _workshop() as events:
        for _ in range(ROUNDS):
            values.append(_undone(_replay))
            limits.append(_undone(lambda: _least(events)))
    return values, limits


@contextmanager
def _workshop() -> Iterator[list[UUID]]:
    """A tenant with people who have consented, and a journal that says who withdrew since."""
    with TemporaryDirectory() as folder, override_settings(JOURNAL=Path(folder) / "journal"):
        tenant = Tenant.objects.create(id=uuid7(), slug=f"bench-{uuid7().hex[-8:]}", created_at=NOW)
        try:
            with inside(tenant.pk):
                yield _fill()
        finally:
            with inside(tenant.pk):
                for table in ("retention_statefact", "people_person"):
                    _run(f"delete from {table} where tenant_id = {SETTING}")  # noqa: S608
            tenant.delete()


def _fill() -> list[UUID]:
    _run(
        f"""
        insert into people_person (tenant_id, id, given_name, family_name, email, phone, address,
                                   language, source, status, created_at)
        select {SETTING}, gen_random_uuid(), 'Ilze', 'Bērziņa', '', '', '', 'lv', 'subject',
               'active', '{NOW.isoformat()}' from generate_series(1, {PEOPLE})
        """  # noqa: S608
    )
    _run(
        f"""
        insert into retention_statefact (tenant_id, id, person_id, state, is_open, opened_at,
                                         is_seen)
        select {SETTING}, gen_random_uuid(), id, '{STATE}', true, created_at, true
          from people_person where tenant_id = {SETTING}
        """  # noqa: S608
    )
    events = list(people())[:EVENTS]
    book = journal.book()
    book.begin()
    told = [
        Event(
            tenant=current_id(),
            at=NOW,
            kind="consent.withdrawn",
            subject=digest_of_subject(book.key, one),
            detail={"state": STATE},
            where="7000000000000000000.16384/00000001/745",
        )
        for one in events
    ]
    lines = book.append_all(told, now=NOW)
    book.append_all([Ending(line.number, "granted") for line in lines], now=NOW)
    return events


def _undone(work: Callable[[], None]) -> float:
    """Return how long it took in the application's role; what it did is undone."""
    with transaction.atomic():
        _run(f"set local role {APP_ROLE}")
        begun = time.perf_counter()
        work()
        taken = time.perf_counter() - begun
        transaction.set_rollback(True)
    return taken


def _replay() -> None:
    journal.repeat(journal.Behind(settle(journal.book()).granted), subjects=people)


def _least(events: list[UUID]) -> None:
    key = journal.book().key
    for one in people():
        digest_of_subject(key, one)
    with connection.cursor() as cursor:
        for one in events:
            cursor.execute(
                "update retention_statefact set is_open = false, ended_at = %s"
                " where tenant_id = %s and person_id = %s and state = %s",
                [NOW, current_id(), one, STATE],
            )


def _run(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)
