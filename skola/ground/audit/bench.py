"""What the audit costs, each figure beside its limit in the same run (``python3 run.py bench``).

Both sides take turns, in the role of the application, and the medians are compared.
"""

import hashlib
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from django.apps.registry import Apps
from django.conf import settings
from django.db import connection, models, transaction

from skola.ground.audit import merkle, tiles
from skola.ground.audit.actions import record
from skola.ground.audit.keys import key_file
from skola.ground.audit.models import Entry
from skola.ground.audit.note import Checkpoint, Signer
from skola.ground.audit.sequencer import sequence
from skola.ground.audit.verifying import verify
from skola.ground.db.walls import APP_ROLE, SETTING
from skola.ground.ids import uuid7
from skola.ground.measure import Measure, compared
from skola.ground.tenants.api import Tenant, current_id, inside

ROUNDS = 7
ACTS = 60
CLIENTS = 8
NUMBERED = 20_000
VERIFIED = 200_000
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TABLE = f"""
drop table if exists bench_act;
create table bench_act (
    tenant_id uuid not null, id uuid not null, person_id uuid not null,
    at timestamptz not null, note varchar(300) not null, primary key (tenant_id, id)
);
create index on bench_act (tenant_id, person_id);
alter table bench_act enable row level security;
alter table bench_act force row level security;
create policy tenant on bench_act
    using (tenant_id = {SETTING}) with check (tenant_id = {SETTING});
grant select, insert, update, delete on bench_act to {APP_ROLE};
"""


def measures(only: str = "") -> list[Measure]:
    """Take every measure whose name contains ``only``. Everything made for it is removed again."""
    found = []
    for name, take in MEASURES.items():
        if only in name:
            with _workshop():
                found.append(take(name))
    return found


@contextmanager
def _workshop() -> Iterator[None]:
    """A tenant and a table of our own, removed afterwards with everything in them."""
    _run(TABLE)
    try:
        with _tenant() as tenant, inside(tenant.pk):
            yield
    finally:
        _run("drop table bench_act")


@contextmanager
def _tenant() -> Iterator[Tenant]:
    """A tenant that is not active, so that no worker numbers its entries meanwhile.

    In the block the role is the application's.
    """
    _run("reset role")
    slug = f"bench-{uuid7().hex[-8:]}"
    tenant = Tenant.objects.create(slug=slug, created_at=NOW, is_active=False)
    try:
        _run(f"set role {APP_ROLE}")
        yield tenant
    finally:
        _run("reset role")
        with inside(tenant.pk):
            for table in ("audit_entry", "audit_subjectkey", "audit_head"):
                _run(f"delete from {table} where tenant_id = '{tenant.pk}'")  # noqa: S608  # ours
        tenant.delete()
        shutil.rmtree(Path(settings.DATA) / "audit" / str(tenant.pk), ignore_errors=True)
        key_file(tenant.pk).unlink(missing_ok=True)


def _run(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


class _Act(models.Model):
    """What the acts of the bench write; no part of the product."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant_id = models.UUIDField()
    person_id = models.UUIDField()
    at = models.DateTimeField()
    note = models.CharField(max_length=300)

    class Meta:
        app_label = "bench"
        db_table = "bench_act"
        apps = Apps()


ACT: Any = _Act


def _act(person: Any, *, audited: bool) -> None:
    """A small act as rooms do them: read a row, change it, add another, and commit."""
    with transaction.atomic():
        made = ACT.objects.create(tenant_id=current_id(), person_id=person, at=NOW, note="made")
        found = ACT.objects.get(pk=made.pk)
        found.note = "read and changed"
        found.save(update_fields=["note"])
        if audited:
            record("bench.act.done", by="system", at=NOW, target=found, detail={"count": 1})


def _acts(person: Any, *, audited: bool) -> None:
    for _ in range(ACTS):
        _act(person, audited=audited)


def _entries(count: int) -> None:
    for _ in range(count):
        record("bench.act.done", by="system", at=NOW)


def insert(name: str) -> Measure:
    """Acts with an entry in the audit, against the same acts without: at most a fifth fewer."""
    person, times = uuid7(), ([], [])  # type: tuple[Any, tuple[list[float], list[float]]]
    for _ in range(ROUNDS):
        for taken, audited in zip(times, (True, False), strict=True):
            taken.append(_timed(partial(_acts, person, audited=audited)))
    return compared(name, times[0], times[1], 1.25)


ONE = "insert into bench_act values (%s, %s, %s, now(), 'made')"
OTHER = (
    "insert into audit_entry (id, tenant_id, at, kind, by, subject, target, clause, detail)"
    " values (%s, %s, now(), 'bench.act.done', 'system', '', 'bench.act', '', '{\"count\": 1}')"
)


def insert_together(name: str) -> Measure:
    """The same by eight clients at once: entries do not wait for each other."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for taken, audited in zip(times, (True, False), strict=True):
            taken.append(_together(audited=audited))
    return compared(name, times[0], times[1], 1 / 0.45)


def _together(*, audited: bool) -> float:
    """Acts of clients with connections of their own, past the pool that may not have as many."""
    tenant, begin = current_id(), threading.Barrier(CLIENTS + 1, timeout=60)
    held = connection.connection.info

    def client() -> None:
        with psycopg.connect(held.dsn, password=held.password, autocommit=True) as own:
            own.execute("select set_config('skola.tenant', %s, false)", [str(tenant)])
            own.execute(f"set role {APP_ROLE}")
            begin.wait()
            for _ in range(ACTS):
                with own.transaction():
                    own.execute(ONE, [tenant, uuid7(), uuid7()])
                    if audited:
                        own.execute(OTHER, [uuid7(), tenant])

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    begin.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def append(name: str) -> Measure:
    """Adding entries to a log of ten times as many: O(1)."""
    times: list[list[float]] = [[], []]
    with _tenant() as large:
        tenants = (large.pk, current_id())
        for tenant, stored in zip(tenants, (NUMBERED * 5, NUMBERED // 2), strict=True):
            with inside(tenant):
                _fill(stored)
                sequence(now=NOW, batch=NUMBERED)
        _run("reset role")
        _run("vacuum analyze audit_entry")
        _run(f"set role {APP_ROLE}")
        for _ in range(ROUNDS * 3):
            for tenant, taken in zip(tenants, times, strict=True):
                with inside(tenant):
                    taken.append(_timed(partial(_entries, ACTS)))
    return compared(name, times[0], times[1], 1.15)


def _fill(count: int) -> None:
    _run(
        "insert into audit_entry (id, tenant_id, at, kind, by, subject, target, clause, detail)"  # noqa: S608
        " select gen_random_uuid(), nullif(current_setting('skola.tenant'), '')::uuid, now(),"
        " 'bench.act.done', 'system', '', 'bench.act', 'bench-1', jsonb_build_object('count', n)"
        f" from generate_series(1, {int(count)}) n"
    )


def numbering(name: str) -> Measure:
    """Numbering, hashing, writing and signing entries, against updating one column of them."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(3):
        _fill(NUMBERED)
        times[0].append(_timed(lambda: sequence(now=NOW)))
        times[1].append(
            _timed(
                lambda: Entry.objects.filter(
                    leaf_index__gte=Entry.objects.count() - NUMBERED
                ).update(due_at=NOW)
            )
        )
    return compared(name, times[0], times[1], 5.0)


def verification(name: str) -> Measure:
    """Verifying a copy, against reading its files and hashing everything in them once."""
    place = Path(tempfile.mkdtemp(prefix="skola-bench-"))
    try:
        store = tiles.Folder(place)
        key = _make_log(store, VERIFIED)
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(3):
            times[0].append(_timed(lambda: _well(store, key)))
            times[1].append(_timed(lambda: _hash_once(store, VERIFIED)))
        return compared(f"{name} {VERIFIED:,} entries (s)", times[0], times[1], 3.0)
    finally:
        shutil.rmtree(place)


def _make_log(store: tiles.Folder, count: int) -> Signer:
    """Write a log of ``count`` entries with details, without the care for a failing machine."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    def write(file: str, content: bytes) -> None:
        (store.place / file).parent.mkdir(parents=True, exist_ok=True)
        (store.place / file).write_bytes(content)

    edge = tiles.Edge(store, 0)
    for first in range(0, count, tiles.WIDTH):
        details, entries = [], []
        for number in range(first, min(first + tiles.WIDTH, count)):
            detail = hashlib.sha256(b"salt %d" % number).digest() + b'{"count": %d}' % number
            details.append(detail)
            entries.append(
                b'{"v":1,"id":"%s","at":"2026-03-02T09:00:00.000000Z","kind":"bench.act.done",'
                b'"by":"system","subject":"","target":"bench.act:%s","clause":"bench-1",'
                b'"detail":"%s"}'
                % (
                    str(uuid7()).encode(),
                    str(uuid7()).encode(),
                    hashlib.sha256(detail).hexdigest().encode(),
                )
            )
        index, width = first // tiles.WIDTH, len(entries)
        write(tiles.path(tiles.ENTRIES, index, width), tiles.packed(entries))
        write(tiles.path(tiles.DETAILS, index, width), tiles.packed(details, ">I"))
        edge.add(b"".join(map(merkle.leaf_hash, entries)), write)
    signer = Signer("bench.example", Ed25519PrivateKey.generate())
    write("checkpoint", signer.sign(str(Checkpoint("bench.example", count, edge.root()))).encode())
    return signer


def _well(store: tiles.Folder, signer: Signer) -> None:
    report = verify(store, signer.public)
    if not report.ok:
        raise AssertionError(str(report.findings[0]))


def _hash_once(store: tiles.Folder, count: int) -> None:
    """Every entry, every detail and every pair of hashes once, and nothing else."""
    sha256 = hashlib.sha256
    for index in range(-(-count // tiles.WIDTH)):
        width = tiles.width_of(0, index, count)
        for kind, form in ((tiles.ENTRIES, ">H"), (tiles.DETAILS, ">I")):
            bundle = store.read(tiles.path(kind, index, width)) or b""
            for entry in tiles.unpacked(bundle, form):
                sha256(entry).digest()
        merkle.root(store.read(tiles.path(0, index, width)) or b"")


def proof(name: str) -> Measure:
    """The proof of an entry in a log of sixteen times as many: O(log n), here one tile more."""
    place = Path(tempfile.mkdtemp(prefix="skola-bench-"))
    try:
        times: list[list[float]] = []
        for size in (4_096, 65_536):
            store = tiles.Folder(place / str(size))
            _make_log(store, size)
            taken = []
            for turn in range(ROUNDS * 5):
                node = tiles.nodes(store, size)
                taken.append(_timed(lambda: merkle.inclusion_proof(turn * 7, size, node)))  # noqa: B023
            times.append(taken)
        return compared(name, times[1], times[0], 4.0)
    finally:
        shutil.rmtree(place)


MEASURES: dict[str, Callable[[str], Measure]] = {
    "audit insert, one client (s)": insert,
    "audit insert, eight clients (s)": insert_together,
    "audit append at 10x entries (s)": append,
    "audit sequencer, 20,000 entries (s)": numbering,
    "audit verify,": verification,
    "audit proof at 16x entries (s)": proof,
}
