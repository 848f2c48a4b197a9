"""The sequencer: gives committed entries their numbers, and publishes the tree over them.

Three steps, each of which may be the last one of a process that is killed; whoever comes next takes
up where it stopped:

1. the database numbers the entries that have no number, and keeps their hashes (one transaction);
2. the hashes are written into tiles, then a checkpoint is signed over them;
3. the database drops the hashes, so that more entries can be numbered.

What an entry waits for is only that it has no number, never a moment or an id: one that commits
late gets a later number and is not passed over.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from skola.ground.audit import handover, keys, tiles
from skola.ground.audit.actions import record
from skola.ground.audit.merkle import HASH
from skola.ground.audit.models import Entry, Head
from skola.ground.audit.note import Checkpoint, NoteError, PublicKey, Signer
from skola.ground.tenants.api import Host, current_id

BATCH = 5_000
CHECKPOINT, KEY = "checkpoint", "key"
PLACE = "/.well-known/skola-audit"
RESUMED = "audit.log.resumed"
NEW_KEY, LOST_KEY = "audit.log.new_key", "audit.log.key_lost"
_NO_COPY = (
    "Entries wait until then, and none is lost. If there is no copy of it, `skola audit new-key"
    " --lost` lets a new key go on."
)
_LOCK = 0x61756469  # "audi", beside the tenant


class LogError(Exception):
    """The log cannot go on from what is stored; the message says what to do."""


@dataclass(frozen=True)
class Log:
    """The published log of a tenant: its folder and its key, None before it has begun."""

    folder: tiles.Folder
    key: PublicKey | None

    def checkpoint(self) -> Checkpoint | None:
        """Return the last published checkpoint. Raises NoteError where it is not ours."""
        note = self.folder.read(CHECKPOINT)
        if note is None or self.key is None:
            return None
        handovers = handover.read(self.folder.read(handover.HANDOVERS))
        return handover.checkpoint(note.decode(errors="replace"), self.key, handovers)


def folder_of(tenant: UUID) -> tiles.Folder:
    """Return where the log of a tenant is published from."""
    return tiles.Folder(Path(settings.DATA) / "audit" / str(tenant))


def log_of(tenant: UUID) -> Log:
    """Return the log of the speaking tenant, with the key that signs it now.

    Where the hand-overs are damaged it is the first key, and no checkpoint can be read.
    """
    folder, head = folder_of(tenant), Head.objects.first()
    if head is None:
        return Log(folder, None)
    handovers = list[handover.Handover]()
    with suppress(NoteError):
        handovers = handover.read(folder.read(handover.HANDOVERS))
    return Log(folder, handover.last(PublicKey.read(head.key), handovers))


def _signer(tenant: UUID, log: Log | None = None) -> Signer:
    """Return the key that signs the log. Raises LogKeyError where it is not that of the log."""
    key = (log or log_of(tenant)).key
    if key is None:
        return keys.signer(tenant, origin(tenant))
    if keys.has_next(tenant):
        coming = keys.next_signer(tenant, key.name)
        if coming.public == key:  # a process died after the hand-over
            keys.take_next(tenant)
            return coming
    try:
        found = keys.signer_of_log(tenant, key.name)
    except keys.LogKeyError as problem:
        raise keys.LogKeyError(f"{problem} {_NO_COPY}") from problem
    if found is not None and found.public == key:
        return found
    is_there = f"is the key {found.public}" if found else "is not there"
    raise keys.LogKeyError(
        f"The log is signed by {key}, but {keys.key_file(tenant)} {is_there}. Restore the file."
        f" {_NO_COPY}"
    )


def key_trouble(log: Log) -> str:
    """Return what is wrong with the key that signs the log of the speaking tenant, and what to do.

    Empty where all is well, or where nothing is signed yet.
    """
    try:
        if log.key is not None:
            _signer(current_id(), log)
    except keys.LogKeyError as problem:
        return str(problem)
    return ""


def lost_keys(log: Log) -> list[handover.Handover]:
    """Return the keys of a log that were lost, each with the one that went on, oldest first.

    Raises NoteError where the hand-overs are damaged.
    """
    if log.key is None:
        return []
    handovers = handover.read(log.folder.read(handover.HANDOVERS))
    return [one for one, _signed in handover.losses(log.key, handovers)]


def log_signer() -> Signer:
    """Return the key that signs the log of the speaking tenant now, to sign what it tells others.

    Raises LogKeyError where it is not that of the log.
    """
    return _signer(current_id())


def origin(tenant: UUID) -> str:
    """Return the name under which a new log of a tenant begins: the address it is found at."""
    host = Host.objects.filter(tenant_id=tenant).order_by("pk").first()
    return f"{host or tenant}{PLACE}"


def sequence(*, now: datetime, batch: int = BATCH) -> int:
    """Number and publish what the speaking tenant has committed; return how many entries.

    Nothing happens where another sequencer is at it. Raises LogError, LogKeyError and NoteError.
    """
    if not Entry.objects.filter(leaf_index=None).exists() and not _is_unpublished():
        return 0
    with _alone() as alone:
        return _sequence(batch, now) if alone else 0


def new_key(*, by: str, now: datetime) -> PublicKey:
    """Let a new key sign the log of the speaking tenant, and return it; the old one is destroyed.

    What the old key signed stays good, since it hands over to the new one. The order matters to
    whoever takes up where this stopped: the entry, the hand-over, the file, the checkpoint. Raises
    LogError, LogKeyError and NoteError.
    """
    with _alone() as alone:
        if not alone:
            raise LogError("The log is being written at this moment. Try again.")
        tenant = current_id()
        old = _signer(tenant)
        new = keys.next_signer(tenant, old.name)
        detail = {"old": old.public.id.hex(), "new": new.public.id.hex()}
        record(NEW_KEY, by=by, at=now, detail=detail)
        _sequence(BATCH, now)
        log = log_of(tenant)
        found = log.checkpoint()
        assert found is not None
        _hand_over(log.folder, handover.write(found.size, old, new))
        keys.take_next(tenant)
        log.folder.write(KEY, f"{new.public}\n".encode())
        log.folder.write(CHECKPOINT, new.sign(str(found)).encode())
        log.folder.settle()
        return new.public


def replace_lost_key(*, by: str, now: datetime) -> PublicKey:
    """Let a new key go on with the log of the speaking tenant, as its key is lost; return it.

    The new key begins by stating which key was lost, and what that key signed last. The order
    matters to whoever takes up where this stopped: the statement, the database, the file, the
    checkpoint. Raises LogError where the key is there, or where it cannot be told what the lost
    key signed last, and NoteError where the checkpoint is not its own.
    """
    with _alone() as alone:
        if not alone:
            raise LogError("The log is being written at this moment. Try again.")
        tenant = current_id()
        log, lost = _log_without_key(tenant)
        stated = handover.loss(lost, handover.read(log.folder.read(handover.HANDOVERS)))
        if stated is None:
            found = log.checkpoint()
            new = keys.next_signer(tenant, lost.name)
            size = found.size if found else 0
            signed = (log.folder.read(CHECKPOINT) or b"").decode()
            _hand_over(log.folder, handover.write_lost(signed, size, lost, new))
            stated = handover.Handover(lost, new.public, size)
        detail = {"old": lost.id.hex(), "new": stated.new.id.hex(), "size": stated.size}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select audit_key_lost(%s)", [str(stated.new)])
            record(LOST_KEY, by=by, at=now, detail=detail)
        signer = _signer(tenant)
        _sequence(BATCH, now)
        return signer.public


def _log_without_key(tenant: UUID) -> tuple[Log, PublicKey]:
    """Return the log, and its key that is lost. Raises LogError where it can go on otherwise."""
    log, head = log_of(tenant), Head.objects.first()
    if head is None or log.key is None:
        raise LogError("Nothing is signed yet: the first entry makes a key.")
    if not key_trouble(log):
        raise LogError("The key is there, and can hand over itself: leave out --lost.")
    if head.size > len(head.pending) // HASH and log.folder.read(CHECKPOINT) is None:
        raise LogError(f"{log.folder.place} has no checkpoint. Restore the folder first.")
    return log, log.key


def _hand_over(folder: tiles.Folder, note: str) -> None:
    """Add a hand-over to those before it; it is on the disk before anything builds on it."""
    before = folder.read(handover.HANDOVERS)
    written = note.encode()
    folder.write(handover.HANDOVERS, before + b"\n" + written if before else written)
    folder.settle()


def _is_unpublished() -> bool:
    return Head.objects.exclude(pending=b"").exists()


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the tenant's lock, or say that somebody else does. A dead process holds none."""
    ours = [_LOCK, current_id().int & 0x7FFF_FFFF]
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", ours)
        row = cursor.fetchone()
    if row is None or not row[0]:
        yield False
        return
    try:
        yield True
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s, %s)", ours)


def _sequence(batch: int, now: datetime) -> int:
    tenant, done = current_id(), 0
    signer = _signer(tenant)
    log = Log(folder_of(tenant), signer.public)
    while True:
        published = log.checkpoint()
        beyond = published.size if published else 0
        size, pending = _number(batch, beyond, str(signer.public), now)
        if not pending:
            return done
        _publish(log.folder, signer, published, size, pending)
        with connection.cursor() as cursor:
            cursor.execute("select audit_published(%s)", [size])
        done += len(pending) // HASH


@transaction.atomic
def _number(batch: int, beyond: int, key: str, now: datetime) -> tuple[int, bytes]:
    """Return how many entries are numbered, and the hashes of those not published yet."""
    first = Head.objects.values_list("size", flat=True).first() or 0
    if first < beyond:
        # the database was restored from before the checkpoint: the leaves since then are lost
        record(RESUMED, by="system", at=now, detail={"first": first, "end": beyond})
    with connection.cursor() as cursor:
        cursor.execute("select * from audit_number(%s, %s, %s)", [batch, beyond, key])
        row = cursor.fetchone()
    assert row is not None
    return row[0], bytes(row[1])


def _publish(
    folder: tiles.Folder,
    signer: Signer,
    published: Checkpoint | None,
    size: int,
    pending: bytes,
) -> None:
    """Write the tiles of a tree of ``size`` leaves, then its checkpoint, then tidy up."""
    old = published.size if published else 0
    if old == size:
        return  # a process died between the checkpoint and telling the database
    edge = _edge(folder, published)
    missing = size - len(pending) // HASH - old
    stale = edge.partials()
    edge.add(_lost(old, missing) + pending, folder.write)
    if folder.read(KEY) != (key := f"{signer.public}\n".encode()):
        folder.write(KEY, key)
    folder.settle()  # a checkpoint must never be there without its tiles
    checkpoint = Checkpoint(signer.name, edge.size, edge.root())
    folder.write(CHECKPOINT, signer.sign(str(checkpoint)).encode())
    folder.settle()
    for name in stale - edge.partials():
        folder.remove(name)


def _edge(folder: tiles.Folder, published: Checkpoint | None) -> tiles.Edge:
    """Return the right edge of the published tree; it is never continued from anything else."""
    try:
        edge = tiles.Edge(folder, published.size if published else 0)
    except tiles.MissingError as problem:
        raise LogError(f"{folder.place}: {problem} Restore the folder.") from problem
    if published is not None and edge.root() != published.root:
        raise LogError(
            f"The tiles in {folder.place} are not those of the signed checkpoint:"
            " `skola audit verify` names them. Restore the folder."
        )
    return edge


def _lost(first: int, count: int) -> bytes:
    """Return the hashes of leaves that were published once and are not in the folder any more.

    They are made anew from the entries. Raises LogError where an entry is gone.
    """
    if count == 0:
        return b""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), string_agg(sha256('\\x00'::bytea || audit_leaf(e)), ''"
            " order by leaf_index) from audit_entry e"
            " where leaf_index >= %s and leaf_index < %s",
            [first, first + count],
        )
        row = cursor.fetchone()
    assert row is not None
    if row[0] != count:
        raise LogError(
            f"{count - row[0]} of the leaves {first} to {first + count - 1} cannot be computed"
            " again, as their entries are gone. Restore the folder of the log."
        )
    return bytes(row[1])
