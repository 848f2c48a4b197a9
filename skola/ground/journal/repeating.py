"""After a restore: repeat what the journal has and the restored database does not know."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from skola.ground import clock
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.journal.actions import book, silent
from skola.ground.journal.gate import Behind
from skola.ground.journal.models import Position
from skola.ground.journal.registry import repeats_of
from skola.ground.journal.rules import End, Ending, Event, Line, digest_of_subject
from skola.ground.tenants.api import Tenant, inside

BATCH = 100
"""Events a transaction: a replay that was killed goes on after the last whole batch."""


@dataclass(frozen=True)
class Repeated:
    """What a replay did for one tenant."""

    tenant: Tenant
    events: int
    absent: int
    """How many of them were about people whom the restored database does not have."""


@reading_for(ENGINE)
def repeat(
    behind: Behind, *, subjects: Callable[[], Iterable[UUID]], with_unknown: bool = False
) -> list[Repeated]:
    """Repeat the missing events in their order, tenant by tenant; safe to repeat.

    ``subjects`` yields the ids of all people of the tenant that speaks. Events of which nobody can
    tell whether they were committed are repeated only ``with_unknown``; else they count as void.
    Raises UnknownKindError before anything is done where nobody repeats a kind of event.
    """
    lines = list(behind.missing) + (list(behind.unknown) if with_unknown else [])
    lines.sort(key=lambda line: line.number)
    for line in lines:
        repeats_of(_event(line).kind)
    done = []
    tenants = {tenant.pk: tenant for tenant in Tenant.objects.order_by("slug")}
    for key, tenant in tenants.items():
        mine = [line for line in lines if _event(line).tenant == key]
        if mine:
            with inside(key), silent():
                done.append(_repeat_for(tenant, mine, subjects))
    _remember([line for line in lines if _event(line).tenant not in tenants])
    end: End = "granted" if with_unknown else "void"
    book().append_all([Ending(one.number, end) for one in behind.unknown], now=clock.now())
    return done


def _repeat_for(
    tenant: Tenant, lines: list[Line], subjects: Callable[[], Iterable[UUID]]
) -> Repeated:
    people = _people_of(lines, subjects)
    absent = 0
    for batch in _batches(lines):
        with transaction.atomic():
            for line in batch:
                told = _event(line)
                subject = people.get(told.subject)
                if told.subject and subject is None:
                    absent += 1
                    continue
                for again in repeats_of(told.kind):
                    again(subject, told.at, dict(told.detail))
            _remember(batch)
    return Repeated(tenant, len(lines), absent)


def _people_of(lines: list[Line], subjects: Callable[[], Iterable[UUID]]) -> dict[str, UUID]:
    """Return the people whom the events are about, by their digest: one digest a person, once."""
    wanted = {_event(line).subject for line in lines} - {""}
    if not wanted:
        return {}
    key = book().key
    digests = ((digest_of_subject(key, subject), subject) for subject in subjects())
    return {digest: subject for digest, subject in digests if digest in wanted}


def _batches(lines: list[Line]) -> Iterator[list[Line]]:
    for start in range(0, len(lines), BATCH):
        yield lines[start : start + BATCH]


def _remember(lines: list[Line]) -> None:
    """Let the database have the positions of these lines, as if it had been there."""
    Position.objects.bulk_create(
        [Position(number=line.number, mac=line.mac) for line in lines],
        ignore_conflicts=True,
    )


def _event(line: Line) -> Event:
    assert isinstance(line.told, Event)
    return line.told
