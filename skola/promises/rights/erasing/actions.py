"""Erasing a person, in one transaction or, where they have very many rows, table by table."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.jobs import api as jobs
from skola.ground.journal import api as journal
from skola.ground.people.api import Person
from skola.promises.disclosures.api import Telling, tell_receivers
from skola.promises.gate.api import frozen, is_frozen, thaw
from skola.promises.inventory.api import Declaration, declaration_of
from skola.promises.policy.api import in_force
from skola.promises.retention.api import (
    GRANTED,
    Clockwork,
    Ended,
    as_engine,
    clockworks,
    forget_needless_facts,
    has_holds,
    opened_of,
    promises_in_force,
    record_event,
    record_grant,
    remove_emptied,
)
from skola.promises.rights.erasing.freeze import WithdrawnError, freeze, is_granted
from skola.promises.rights.erasing.kept import kept_lines
from skola.promises.rights.erasing.links import (
    category_of,
    end,
    release_files,
    remove,
    rows_of,
    unlink,
)
from skola.promises.rights.erasing.probe import Found, probe
from skola.promises.rights.models import Erasure
from skola.promises.rights.plan import PEOPLE, Relation

TOGETHER = 50_000
"""Up to so many rows go in one transaction."""
TAKEN_UP_AFTER = timedelta(minutes=10)
"""When a job looks whether an erasure in pieces was carried through."""
ROUNDS = 5


class NobodyError(LookupError):
    """There is no person of this id here. Nothing was done."""


class NotGoneError(RuntimeError):
    """Rows of the person were still found after several rounds; that transaction is undone."""


@reading_for(ENGINE)
def erase_person(person_id: UUID, *, reason: str, by: str, now: datetime) -> Erasure:
    """Erase everything of a person but what a law or a hold keeps, and return the receipt.

    First the person is frozen: all sessions end, nobody signs in as them, and nobody reads
    anything about them. Then everything goes in one transaction, or table by table above
    ``TOGETHER`` rows; whatever interrupts that, the same call (or a job) finishes it. Raises
    NobodyError, NoPolicyError, WithdrawnError. Source: GDPR Art. 17; ilearn-23.c.
    """
    _require(person_id)
    freeze(person_id, reason=reason, by=by, now=now)
    found = probe(person_id)
    if sum(one.count for one in found) <= TOGETHER:
        with as_engine(now):
            run = _Run(_grant(person_id, reason, by, at=now, now=now), person_id, now)
            _tell_receivers(run.erasure, person_id, now=now)
            run.carry_out(found, freezes=True)
        return run.erasure
    with as_engine(now):
        run = _Run(_grant(person_id, reason, by, at=now, now=now), person_id, now, in_pieces=True)
        if not is_frozen(person_id):
            raise WithdrawnError(f"The erasure of {person_id} was withdrawn.")
        record_event(person_id, GRANTED, at=now)  # from here on a sweep would finish it, too
        _tell_receivers(run.erasure, person_id, now=now)
        jobs.enqueue(
            "rights.finish_erasure",
            key=str(run.erasure.pk),
            run_at=now + TAKEN_UP_AFTER,
            erasure=run.erasure.pk,
            person=person_id,
        )
    run.carry_out()
    return run.erasure


@reading_for(ENGINE)
def preview(person_id: UUID, *, now: datetime) -> Erasure:
    """Return the receipt that an erasure at ``now`` would have, and change nothing.

    It is carried out and undone, so it is exact. Raises NobodyError, NoPolicyError.
    """
    _require(person_id)
    with transaction.atomic(), journal.silent():
        with as_engine(now):
            run = _Run(_grant(person_id, "asked", "preview", at=now, now=now), person_id, now)
            run.carry_out()
        transaction.set_rollback(True)
    return run.erasure


@reading_for(ENGINE)
def finish(erasure_id: UUID, person_id: UUID, *, now: datetime) -> None:
    """Take up an erasure in pieces that was interrupted. Safe to repeat."""
    erasure = Erasure.objects.filter(pk=erasure_id, finished_at=None).first()
    if erasure is not None:
        _Run(erasure, person_id, now, in_pieces=True).carry_out()


@reading_for(ENGINE)
def finish_frozen(*, now: datetime) -> int:
    """Erase whoever a dead process left frozen, and return how many. Safe to repeat.

    An erasure in pieces that was granted has a job of its own.
    """
    left = [one for one in frozen(before=now - TAKEN_UP_AFTER) if not is_granted(one)]
    for one in left:
        erase_person(one.person_id, reason=one.reason, by=one.owner, now=now)
    return len(left)


@reading_for(ENGINE)
def erase_again(person_id: UUID, *, granted_at: datetime, reason: str, now: datetime) -> None:
    """Repeat the erasure of ``granted_at`` in a database restored to a time before it."""
    with as_engine(now):
        erasure = _grant(person_id, reason, "restore", at=granted_at, now=now)
        _Run(erasure, person_id, now).carry_out()


def _tell_receivers(erasure: Erasure, person_id: UUID, *, now: datetime) -> None:
    """Ask everybody who was given something to erase it, too, while it is known whom to name.

    Source: GDPR Art. 19; learnifier-8.b.
    """
    asked = tell_receivers(person_id, Telling.What.ERASURE, case=erasure.pk, by=erasure.by, now=now)
    erasure.told = [one.party.name for one in asked]
    erasure.save(update_fields=["told"])


def _require(person_id: UUID) -> None:
    if not Person.objects.filter(pk=person_id).exists():
        raise NobodyError(f"There is no person {person_id} here.")


def _grant(person_id: UUID, reason: str, by: str, *, at: datetime, now: datetime) -> Erasure:
    """Write down that it was granted: a line of the journal, a fact, a receipt to fill."""
    Person.objects.select_for_update().filter(pk=person_id).first()
    journal.write("erasure.granted", subject=person_id, at=at, detail={"reason": str(reason)})
    record_grant(person_id, at=at)
    return Erasure.objects.create(
        reason=reason,
        by=by,
        granted_at=at,
        version=in_force(now).policy.policy.version,
        policy=promises_in_force(now).digest,
    )


@dataclass
class _Run:
    """One erasure under way."""

    erasure: Erasure
    person_id: UUID
    now: datetime
    in_pieces: bool = False
    """Whether each table has its own transaction."""
    ended: dict[tuple[str, str], Ended] = field(default_factory=dict)
    """What became of the rows of a table and category, the last time they were looked at."""

    @contextmanager
    def _piece(self) -> Iterator[None]:
        if not self.in_pieces:
            yield
            return
        with as_engine(self.now):
            yield
            self.erasure.save()

    def carry_out(self, found: list[Found] | None = None, *, freezes: bool = False) -> None:
        """Act until nothing is found but what is kept; then close. Raises NotGoneError.

        ``found`` is what a probe has found already. What came after it, the next one finds. Where
        it ``freezes`` the person, raises WithdrawnError when that was withdrawn meanwhile.
        """
        found = probe(self.person_id) if found is None else found
        for _round in range(ROUNDS):
            self._act_on(found)
            found = probe(self.person_id)
            if not self._left(found):
                break
        else:
            tables = ", ".join(sorted({one.step.table for one in self._left(found)}))
            raise NotGoneError(f"Rows of person {self.person_id} keep coming in {tables}.")
        with self._piece():
            self._close()
            if not thaw(self.person_id) and freezes:
                raise WithdrawnError(f"The erasure of {self.person_id} was withdrawn.")
            remove_emptied(declaration_of(PEOPLE), [self.person_id], self.now)

    def _act_on(self, found: list[Found]) -> None:
        holds, opened = has_holds(self.person_id), opened_of(self.person_id)
        works: dict[str, list[Clockwork]] = {}
        for work in clockworks(promises_in_force(self.now)):
            works.setdefault(work.declaration.table, []).append(work)
        for way in found:
            with self._piece():
                if not way.link.is_subject:
                    self._count("unlinked", category_of(way), unlink(way, self.person_id))
                    continue
                if way.step.declaration.ends_by_itself:
                    self._count("erased", category_of(way), remove(way, self.person_id))
                    continue
                for work in works.get(way.step.table, []):
                    ended = end(
                        work, way.step, self.person_id, holds=holds, opened=opened, now=self.now
                    )
                    self.ended[way.step.table, work.part.category] = ended
                    self._count("erased", work.part.category, len(ended.erased))
                    self._count("unlinked", work.part.category, len(ended.anonymous))
                if way.step.declaration.needed_by and way.step.table != PEOPLE:
                    keys = rows_of(way.step, self.person_id)
                    remove_emptied(way.step.declaration, keys, self.now)
        with self._piece():
            release_files(self.person_id)

    def _count(self, what: str, category: str, number: int) -> None:
        counts = Counter(getattr(self.erasure, what))
        counts[category] += number
        setattr(self.erasure, what, dict(+counts))

    def _left(self, found: list[Found]) -> list[Found]:
        """The rows found that should not be there any more."""
        kept = {table for (table, _), ended in self.ended.items() if ended.kept}
        kept |= {way.step.table for way in found if self._needing(way)}
        return [way for way in found if not self._may_stay(way, kept)]

    def _may_stay(self, way: Found, kept: set[str]) -> bool:
        if not way.link.is_subject:
            return way.link.relation is Relation.STAFF or bool(way.link.path.hops)
        one = way.step.declaration
        if one.table == PEOPLE or one.until_subject_ends or not one.is_personal:
            return True
        if one.goes_with_holder or _root(one).goes_with_holder:
            return bool(kept)
        if not one.parts:
            return _root(one).table in kept | {PEOPLE}
        keys = {
            key
            for (table, _), ended in self.ended.items()
            if table == one.table
            for key in ended.kept
        }
        return way.count <= len(keys) + self._needing(way)

    def _needing(self, way: Found) -> int:
        """How many rows stay that need one of these: an emptied row stays as long as they do."""
        if way.step.table == PEOPLE:
            return 0
        needing = {need.table for need in way.step.declaration.needed_by}
        return sum(len(one.kept) for (table, _), one in self.ended.items() if table in needing)

    def _close(self) -> None:
        """Write the receipt, forget what nothing needs any more, and remove the emptied row."""
        erasure, ended = self.erasure, list(self.ended.values())
        erasure.kept = kept_lines(ended, now=self.now)
        forget_needless_facts(self.person_id, [one.work for one in ended if one.kept])
        clauses = ", ".join(promises_in_force(self.now).erasure_clauses)
        entry = audit.record(
            "rights.person.erased",
            target=erasure,  # and no subject: its details would be forgotten with the key
            by=erasure.by,
            at=self.now,
            clause=clauses[:200],
            detail={
                "erased": erasure.erased,
                "unlinked": erasure.unlinked,
                "kept": sum(line["count"] for line in erasure.kept),
            },
        )
        erasure.entries = [*erasure.entries, str(entry.pk)]
        erasure.finished_at = self.now
        erasure.save()
        jobs.enqueue("files.erase_objects", key="all")
        if not any(one.kept for one in ended if one.work.declaration.subject_is_row):
            audit.forget_subject(self.person_id)  # nobody is left whom the key could name


def _root(one: Declaration) -> Declaration:
    """The table with which rows go that have no clock of their own."""
    while one.goes_with is not None and not one.parts:
        one = declaration_of(one.goes_with.table)
    return one
