"""Entries get their numbers, whoever inserts them and whoever is killed meanwhile."""

import hashlib
import json
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import ProgrammingError

from conftest import make_tenant
from skola.ground.audit import keys, merkle, sequencer, tiles
from skola.ground.audit.api import Entry, forget_subject, pseudonym, record
from skola.ground.audit.models import Head
from skola.ground.audit.sequencer import LogError, log_of, sequence
from skola.ground.tenants.api import Tenant, inside

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def enter(count: int = 1, **said: Any) -> None:
    for _ in range(count):
        record("test.thing.done", by="system", at=NOW, **said)


def leaves() -> list[bytes]:
    """What stands in the log, by the entries that are there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select audit_leaf(e) from audit_entry e where leaf_index is not null"
            " order by leaf_index"
        )
        return [bytes(row[0]) for row in cursor.fetchall()]


def numbers() -> list[int]:
    """The numbers that entries have."""
    given = Entry.objects.exclude(leaf_index=None).values_list("leaf_index", flat=True)
    return sorted(number for number in given if number is not None)


def assert_published(tenant: Tenant, count: int) -> None:
    """The log has ``count`` leaves, and its checkpoint and tiles are those of the entries."""
    log = log_of(tenant.pk)
    found = log.checkpoint()
    assert found is not None
    assert found.size == count
    row = b"".join(map(merkle.leaf_hash, leaves()))
    assert found.root == merkle.root(row) == tiles.root_of(log.folder, count)
    assert numbers() == list(range(count))
    assert bytes(Head.objects.get().pending) == b""


def test_committed_entries_are_numbered_and_published(tenant: Tenant) -> None:
    enter(3)

    assert sequence(now=NOW) == 3
    enter(300)
    assert sequence(now=NOW, batch=100) == 300

    assert_published(tenant, 303)
    assert sequence(now=NOW) == 0


def test_a_leaf_is_the_entry_without_its_detail_and_without_names(tenant: Tenant) -> None:
    made = record(
        "people.thing.done",
        target=tenant,
        subject=tenant.pk,
        by="system",
        at=NOW.replace(microsecond=70),
        clause='ēšļ-1 "a"\\',
        detail={"count": 3},
    )
    sequence(now=NOW)
    made.refresh_from_db()

    assert leaves() == [
        json.dumps(
            {
                "v": 1,
                "id": str(made.pk),
                "at": "2026-03-02T09:00:00.000070Z",
                "kind": "people.thing.done",
                "by": "system",
                "subject": pseudonym(tenant.pk),
                "target": f"tenants.tenant:{pseudonym(tenant.pk)}",
                "clause": 'ēšļ-1 "a"\\',
                "detail": bytes(made.commitment).hex(),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
    ]
    assert made.salt is not None
    assert hashlib.sha256(bytes(made.salt) + b'{"count": 3}').digest() == bytes(made.commitment)


def test_each_tenant_has_a_log_and_a_key_of_its_own(tenant: Tenant, other_tenant: Tenant) -> None:
    enter(2)
    with inside(other_tenant.pk):
        enter(5)
        sequence(now=NOW)
        assert_published(other_tenant, 5)
        theirs = log_of(other_tenant.pk).key
    sequence(now=NOW)

    assert_published(tenant, 2)
    ours = log_of(tenant.pk).key
    assert ours is not None
    assert theirs is not None
    assert ours.name == "ilearn.localhost/.well-known/skola-audit"
    assert ours.public != theirs.public
    assert keys.key_file(tenant.pk).stat().st_mode & 0o777 == 0o600


def test_only_the_current_partial_tiles_stay(tenant: Tenant, data_folder: Path) -> None:
    for _ in range(3):
        enter()
        sequence(now=NOW)
    enter(256)
    sequence(now=NOW)

    place = data_folder / "audit" / str(tenant.pk)
    files = {str(file.relative_to(place)) for file in place.rglob("*") if file.is_file()}
    tree = {tiles.path(*one) for one in tiles.tiles_of(259)}
    assert files == tree | {"checkpoint", "key"}


# ---- what nobody may do --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_entry set kind = 'other'",
        "update audit_entry set leaf_index = 7",
        "update audit_entry set detail = '{}', salt = null",
        "delete from audit_entry",
        "update audit_head set size = 0",
        "insert into audit_head (id, tenant_id, size, pending, key)"
        " select gen_random_uuid(), tenant_id, 0, '', '' from audit_entry",
        "delete from audit_head",
    ],
)
def test_the_application_may_only_insert(tenant: Tenant, statement: str) -> None:
    enter()

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'other'",
        "at = at + interval '1 second'",
        "subject = 'nobody'",
        "commitment = ''",
        "detail = '{\"count\": 4}'",
        "leaf_index = leaf_index + 1",
        "leaf_index = null",
    ],
)
def test_not_even_the_owner_changes_an_entry(tenant: Tenant, change: str) -> None:
    enter(detail={"count": 3})
    sequence(now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("reset role")
        cursor.execute("set local role skola_owner")
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            cursor.execute(f"update audit_entry set {change}")
        cursor.execute("set local role skola_app")


def test_whoever_inserts_chooses_neither_number_nor_commitment(tenant: Tenant) -> None:
    made = Entry.objects.create(
        at=NOW, kind="k", by="system", leaf_index=99, salt=b"s", commitment=b"c"
    )
    made.refresh_from_db()

    assert made.leaf_index is None
    assert len(bytes(made.salt or b"")) == len(bytes(made.commitment)) == 32


# ---- forgetting ----------------------------------------------------------------------------------


def test_with_the_key_go_the_details_and_the_log_stays_as_it_is(tenant: Tenant) -> None:
    gone, stays = uuid4(), uuid4()
    enter(subject=gone, detail={"count": 1})
    enter(subject=stays, detail={"count": 2})
    enter(detail={"count": 3})
    sequence(now=NOW)
    before = leaves()

    forget_subject(gone)

    told = Entry.objects.values_list("detail", "salt")  # of one moment, in any order
    assert sorted((str(detail), salt is None) for detail, salt in told) == [
        ("{'count': 2}", False),
        ("{'count': 3}", False),
        ("{}", True),
    ]
    assert leaves() == before
    assert str(gone) not in str(before)
    assert pseudonym(gone) not in str(before), "a new key makes another pseudonym"
    assert_published(tenant, 3)


# ---- late, killed, side by side ------------------------------------------------------------------


def in_another_process(work: Callable[[], object]) -> int:
    """Run ``work`` in a child with a connection of its own; return how it ended."""
    child = os.fork()
    if not child:
        # the parent's connection is only put aside: closing it here would close it there
        aside, connection.connection = connection.connection, None
        connection.in_atomic_block = False
        vars(connections["default"]).pop("_told", None)
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0 if aside is not connection.connection else 2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_late_is_not_passed_over() -> None:
    tenant = make_tenant("ilearn", NOW)
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with inside(tenant.pk), transaction.atomic():
                enter(detail={"who": "late"})
                begun.set()
                go_on.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(20)
    with inside(tenant.pk):
        enter(2)
        assert sequence(now=NOW) == 2
        go_on.set()
        thread.join()

        assert sequence(now=NOW) == 1
        assert Entry.objects.get(leaf_index=2).detail == {"who": "late"}
        assert_published(tenant, 3)


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_step_the_next_one_takes_up_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every statement and every change of a file once, before it and after it."""
    tenant = make_tenant("ilearn", NOW)
    count, fatal, killed = 0, 0, True
    with inside(tenant.pk):
        enter(254)
        sequence(now=NOW)
        count = 254
        while killed:
            fatal += 1
            enter(3)
            count += 3
            end = in_another_process(partial(_sequence_and_die, fatal // 2, bool(fatal % 2)))
            assert end in (0, -signal.SIGKILL)
            killed = end != 0
            _sequence_once_free(tenant, count)
            assert_published(tenant, count)
    assert fatal > 2 * 12, "there must be many steps to be killed at"


def _sequence_once_free(tenant: Tenant, count: int) -> None:
    """Sequence as the worker does, again and again: the server lets go of a dead client's lock."""
    for _ in range(200):
        sequence(now=NOW)
        found = log_of(tenant.pk).checkpoint()
        if found is not None and found.size == count and not bytes(Head.objects.get().pending):
            return
        time.sleep(0.05)


def _sequence_and_die(fatal: int, after: bool) -> None:
    reached = 0

    def strike(work: Callable[..., Any], *values: Any) -> Any:
        nonlocal reached
        reached += 1
        if reached == fatal + 1 and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = work(*values)
        if reached == fatal + 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    for name in ("write", "remove"):
        plain = getattr(tiles.Folder, name)
        setattr(tiles.Folder, name, lambda *a, plain=plain: strike(plain, *a))
    with connection.execute_wrapper(strike):
        sequence(now=NOW, batch=2)


@pytest.mark.django_db(transaction=True)
def test_two_sequencers_at_once_do_what_one_does() -> None:
    tenant = make_tenant("ilearn", NOW)

    def often() -> None:
        try:
            with inside(tenant.pk):
                for _ in range(15):
                    enter(5)
                    sequence(now=NOW, batch=7)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=often) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with inside(tenant.pk):
        sequence(now=NOW)
        assert_published(tenant, 3 * 15 * 5)


# ---- what is stored is not what was signed -------------------------------------------------------


def test_a_lost_folder_is_made_anew_from_the_entries(tenant: Tenant, data_folder: Path) -> None:
    enter(300)
    sequence(now=NOW)
    before = log_of(tenant.pk).checkpoint()
    _remove_folder(tenant)

    enter()
    sequence(now=NOW)

    assert_published(tenant, 301)
    log = log_of(tenant.pk)
    assert before is not None
    assert before.root == merkle.range_hash(0, 300, tiles.nodes(log.folder, 301))


def _remove_folder(tenant: Tenant) -> None:
    place = log_of(tenant.pk).folder.place
    for file in sorted(place.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()


def test_a_log_is_not_continued_from_damaged_tiles(tenant: Tenant) -> None:
    enter(3)
    sequence(now=NOW)
    log_of(tenant.pk).folder.write("tile/0/000.p/3", b"x" * 96)
    enter()

    with pytest.raises(LogError, match="not those of the signed checkpoint"):
        sequence(now=NOW)

    log_of(tenant.pk).folder.remove("tile/0/000.p/3")
    with pytest.raises(LogError, match="missing"):
        sequence(now=NOW)


def test_a_log_is_not_continued_under_another_key(tenant: Tenant) -> None:
    enter()
    sequence(now=NOW)
    keys.key_file(tenant.pk).unlink()
    log_of(tenant.pk).folder.remove("checkpoint")
    enter()

    with pytest.raises(keys.LogKeyError, match="Restore the file"):
        sequence(now=NOW)


def test_after_a_restore_of_the_database_the_log_goes_on_and_says_so(tenant: Tenant) -> None:
    """A published log is never shortened: what the database lost stays, a hash without entry."""
    enter(4)
    sequence(now=NOW)
    mark = transaction.savepoint()
    enter(3)
    sequence(now=NOW)
    published = log_of(tenant.pk).checkpoint()
    transaction.savepoint_rollback(mark)
    enter(2)

    sequence(now=NOW)

    log = log_of(tenant.pk)
    found = log.checkpoint()
    assert published is not None
    assert found is not None
    assert found.size == 7 + 3
    node = tiles.nodes(log.folder, found.size)
    assert merkle.range_hash(0, 7, node) == published.root
    resumed = Entry.objects.get(kind=sequencer.RESUMED)
    assert resumed.detail == {"first": 4, "end": 7}
    assert numbers() == [0, 1, 2, 3, 7, 8, 9]
