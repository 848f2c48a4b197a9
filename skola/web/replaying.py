"""After a restore: what the journal knows is repeated, what is due goes, and then it opens.

Serves promise-engine 4.8 and law L20.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from skola.ground.audit import api as audit
from skola.ground.journal import api as journal
from skola.ground.people.api import Person
from skola.ground.tenants.api import every, inside
from skola.promises.policy.api import NoPolicyError
from skola.promises.retention.api import SweepReport, sweep

BY = "skola replay"


class UndecidedError(Exception):
    """Somebody must decide first; the message says about what, and how."""


@dataclass(frozen=True)
class Replayed:
    """What a replay did."""

    repeated: tuple[journal.Repeated, ...]
    swept: dict[str, SweepReport]
    """What went, by the tenant's short name."""
    without_policy: tuple[str, ...]
    """Tenants that were not swept, as no policy of theirs is in force."""


def replay(*, now: datetime, with_unknown: bool | None = None) -> Replayed:
    """Repeat what this database lacks, sweep to ``now``, write it down, and open. Safe to repeat.

    ``with_unknown`` decides whether events are repeated of which nobody can tell whether they were
    committed. Raises ClosedError, UndecidedError, UnknownKindError; the gate stays closed then.
    """
    behind = journal.compare()
    if behind.unknown and with_unknown is None:
        raise UndecidedError(_what_is_unknown(behind))
    repeated = journal.repeat(behind, subjects=people, with_unknown=bool(with_unknown))
    swept, without_policy = _sweep_all(now)
    _write_down(repeated, behind, now)
    journal.bind(now=now)
    return Replayed(tuple(repeated), swept, tuple(without_policy))


def people() -> Iterator[UUID]:
    """Yield the ids of all people of the tenant that speaks."""
    yield from Person.objects.values_list("pk", flat=True).iterator(chunk_size=10_000)


def _sweep_all(now: datetime) -> tuple[dict[str, SweepReport], list[str]]:
    swept, without_policy = {}, []
    for tenant in every():
        with inside(tenant.pk):
            try:
                swept[tenant.slug] = sweep(now=now)
            except NoPolicyError:
                without_policy.append(tenant.slug)
    return swept, without_policy


def _write_down(repeated: list[journal.Repeated], behind: journal.Behind, now: datetime) -> None:
    counts = {one.tenant.pk: one for one in repeated}
    for tenant in every():
        found = counts.get(tenant.pk)
        with inside(tenant.pk):
            audit.record(
                "web.backup.replayed",
                by=BY,
                at=now,
                detail={
                    "events": found.events if found else 0,
                    "absent": found.absent if found else 0,
                    "restored": behind.is_copy,
                },
            )


def begin_anew(*, now: datetime) -> None:
    """Begin a new journal where the old one is lost for good, and open: somebody answers for it.

    What was decided since the backup is lost with it, which the audit of every tenant says. Raises
    UndecidedError where the journal is there.
    """
    if journal.book().exists:
        raise UndecidedError("The privacy journal is not lost: run `skola replay` without it.")
    journal.forget_positions()
    journal.book().begin()
    _sweep_all(now)
    for tenant in every():
        with inside(tenant.pk):
            audit.record("web.backup.journal_lost", by=BY, at=now)
    journal.bind(now=now)


def _what_is_unknown(behind: journal.Behind) -> str:
    told = [f"  number {one.number}: {one.words}" for one in behind.unknown]
    return "\n".join(
        [
            "The crash that took the database came while these were being decided, and nobody can"
            " tell whether they were:",
            *told,
            "Ask those concerned, then run `skola replay --undecided repeat`, or `--undecided drop`"
            " to leave them out.",
        ]
    )
