"""What the log says: how far it is, how far behind, and the proof of one entry."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from skola.ground.audit import merkle, tiles
from skola.ground.audit.models import Entry, SubjectKey
from skola.ground.audit.note import Checkpoint
from skola.ground.audit.sequencer import CHECKPOINT, Log, log_of
from skola.ground.tenants.api import current_id


@dataclass(frozen=True)
class State:
    """How far the log of the speaking tenant is."""

    log: Log
    checkpoint: Checkpoint | None
    waiting: int
    """Entries that have no number yet."""
    lag: timedelta
    """For how long the oldest of them waits."""


def state(now: datetime) -> State:
    """Return how far the log is. Raises NoteError where its checkpoint is not ours."""
    log = log_of(current_id())
    waiting = Entry.objects.filter(leaf_index=None)
    return State(log, log.checkpoint(), waiting.count(), lag(now))


def lag(now: datetime) -> timedelta:
    """Return for how long the oldest entry of the tenant waits for its number; zero if none does.

    It counts from the moment of which the entry tells.
    """
    oldest = Entry.objects.filter(leaf_index=None).order_by("id").first()
    return max(timedelta(), now - oldest.at) if oldest else timedelta()


def entries_about(person: UUID, *, kinds: Collection[str], since: datetime) -> list[Entry]:
    """Return the entries of these kinds about somebody since a moment, latest first."""
    known = SubjectKey.objects.filter(person_ref=person).values("pseudonym")
    found = Entry.objects.filter(subject__in=known, kind__in=list(kinds), at__gte=since)
    return list(found.order_by("-at"))


def people_touched_by(person: UUID, *, since: datetime, until: datetime) -> list[UUID]:
    """Return the people whom an account's acts concerned, from ``since`` to before ``until``.

    Those who were erased since are not among them: nothing leads from their entries to them.
    """
    own = SubjectKey.objects.filter(person_ref=person).values("pseudonym")
    acts = Entry.objects.filter(by__in=own, at__gte=since, at__lt=until).exclude(subject="")
    known = SubjectKey.objects.filter(pseudonym__in=acts.values("subject").distinct())
    return list(known.values_list("person_ref", flat=True))


def person_behind(name: str) -> UUID | None:
    """Return who acts under a pseudonym; None where nothing leads to them any more."""
    known = SubjectKey.objects.filter(pseudonym=name).values_list("person_ref", flat=True)
    return known.first()


@dataclass(frozen=True)
class Proof:
    """That an entry stands in the log: its leaf, and the hashes that lead to a signed root."""

    leaf: bytes
    index: int
    path: list[bytes]
    checkpoint: Checkpoint
    note: str
    """The checkpoint, as it is signed."""

    @property
    def holds(self) -> bool:
        """Whether the path leads from the leaf to the root."""
        return merkle.shows_inclusion(
            merkle.leaf_hash(self.leaf),
            self.index,
            self.checkpoint.size,
            self.path,
            self.checkpoint.root,
        )

    def as_json(self) -> dict[str, object]:
        """Return what a receipt holds: everything but the key."""
        return {
            "leaf": self.leaf.decode(),
            "index": self.index,
            "path": [one.hex() for one in self.path],
            "checkpoint": self.note,
        }


def proof_of(entry_id: UUID) -> Proof | None:
    """Return the proof of an entry, or None while it is not published, or when it is gone.

    Raises NoteError and MissingError where the published log is damaged.
    """
    log = log_of(current_id())
    with connection.cursor() as cursor:
        cursor.execute(
            "select leaf_index, audit_leaf(e) from audit_entry e where id = %s", [entry_id]
        )
        row = cursor.fetchone()
    found, note = log.checkpoint(), log.folder.read(CHECKPOINT)
    if row is None or row[0] is None or found is None or note is None or row[0] >= found.size:
        return None
    node = tiles.nodes(tiles.Published(log.folder), found.size)
    path = merkle.inclusion_proof(row[0], found.size, node)
    return Proof(bytes(row[1]), row[0], path, found, note.decode())
