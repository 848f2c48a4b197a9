"""A copy of the log, damaged in every way: what is wrong is named, and the rest is believed."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from skola.__main__ import main
from skola.ground.audit import keys, merkle, tiles
from skola.ground.audit.api import Entry, Live, copy, forget_subject, log_of, record, sequence
from skola.ground.audit.note import Checkpoint, PublicKey, Signer
from skola.ground.audit.tests.test_sequencer import NOW, enter
from skola.ground.audit.tiles import Folder
from skola.ground.audit.verifying import Report, verify
from skola.ground.tenants.api import Tenant

COUNT = 600


@pytest.fixture
def log(tenant: Tenant, tmp_path: Path) -> Folder:
    """A copy of a log of 600 entries: two full tiles and a partial one."""
    enter(COUNT, detail={"count": 1})
    sequence(now=NOW)
    return copied(tenant, tmp_path / "copy")


def copied(tenant: Tenant, place: Path) -> Folder:
    folder = Folder(place)
    assert copy(log_of(tenant.pk), folder.write) is not None
    return folder


def key_of(folder: Folder) -> PublicKey:
    return PublicKey.read((folder.read("key") or b"").decode())


def judged(folder: Folder) -> Report:
    return verify(folder, key_of(folder))


def named(report: Report) -> list[tuple[str, int | None]]:
    return [(one.file, one.leaf) for one in report.findings]


def flip(folder: Folder, name: str, place: int) -> None:
    content = bytearray(folder.read(name) or b"")
    content[place] ^= 4
    folder.write(name, bytes(content))


def take_out(folder: Folder, bundle: str, places: list[int]) -> None:
    """Make entries look as if they had gone by their clock."""
    for kind, form in (("entries", ">H"), ("details", ">I")):
        name = f"tile/{kind}/{bundle}"
        there = tiles.unpacked(folder.read(name) or b"", form)
        left = [b"" if place in places else entry for place, entry in enumerate(there)]
        folder.write(name, tiles.packed(left, form))


def checkpoint(folder: Folder) -> Checkpoint:
    return Checkpoint.read((folder.read("checkpoint") or b"").decode(), key_of(folder))


def test_a_whole_copy_is_believed(log: Folder) -> None:
    report = judged(log)

    assert report.findings == []
    assert (report.entries, report.gone, report.opened) == (COUNT, 0, COUNT)


def test_a_flipped_bit_of_a_tile_is_named_by_leaf_and_tile(log: Folder) -> None:
    flip(log, "tile/0/001", 5 * 32 + 7)
    assert named(judged(log)) == [("tile/0/001", 256 + 5)]


def test_a_flipped_bit_of_the_partial_tile_is_named(log: Folder) -> None:
    flip(log, "tile/0/002.p/88", 3 * 32)
    assert named(judged(log)) == [("tile/0/002.p/88", 512 + 3)]


def test_a_flipped_bit_of_a_tile_above_is_named(log: Folder) -> None:
    flip(log, "tile/1/000.p/2", 40)
    report = judged(log)
    assert named(report) == [("tile/1/000.p/2", None)]
    assert "Hash 1 is not the root of tile/0/001" in str(report.findings[0])


def test_a_flipped_bit_of_an_entry_is_named(log: Folder) -> None:
    flip(log, "tile/entries/001", 40)
    report = judged(log)
    assert named(report) == [("tile/entries/001", 256)]
    assert "that is the signed one" in str(report.findings[0])


def test_a_flipped_bit_of_a_detail_is_named(log: Folder) -> None:
    flip(log, "tile/details/000", 6)
    assert named(judged(log)) == [("tile/details/000", 0)]


def test_an_entry_and_its_tile_changed_together_do_not_give_the_signed_root(log: Folder) -> None:
    entries = tiles.unpacked(log.read("tile/entries/000") or b"")
    entries[9] = entries[9].replace(b"test.thing.done", b"test.thing.gone")
    log.write("tile/entries/000", tiles.packed(entries))
    row = b"".join(map(merkle.leaf_hash, entries))
    log.write("tile/0/000", row)
    assert named(judged(log)) == [("tile/1/000.p/2", None), ("checkpoint", None)]

    upper = merkle.root(row) + (log.read("tile/1/000.p/2") or b"")[32:]
    log.write("tile/1/000.p/2", upper)
    assert named(judged(log)) == [("checkpoint", None)]


@pytest.mark.parametrize("name", ["tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"])
def test_a_missing_and_a_truncated_tile_are_named(log: Folder, name: str) -> None:
    whole = log.read(name) or b""
    log.write(name, whole[:-1])
    report = judged(log)
    assert named(report) == [(name, None)]
    assert "instead of" in str(report.findings[0])
    (log.place / name).unlink()
    report = judged(log)
    assert named(report) == [(name, None)]
    assert "missing" in str(report.findings[0])


def test_a_missing_and_a_cut_bundle_are_named(log: Folder) -> None:
    log.write("tile/entries/000", (log.read("tile/entries/000") or b"")[:-1])
    assert named(judged(log)) == [("tile/entries/000", None)]
    (log.place / "tile/entries/000").unlink()
    assert named(judged(log)) == [("tile/entries/000", None)]


def test_an_entry_taken_out_is_missed(log: Folder) -> None:
    take_out(log, "001", [7])
    report = judged(log)
    assert named(report) == [("tile/entries/001", 256 + 7)]
    assert "no sweep tells of it" in str(report.findings[0])


def test_a_checkpoint_changed_or_missing_is_refused(log: Folder) -> None:
    note = (log.read("checkpoint") or b"").decode()
    log.write("checkpoint", note.replace("\n600\n", "\n500\n").encode())
    assert named(judged(log)) == [("checkpoint", None)]
    (log.place / "checkpoint").unlink()
    assert named(judged(log)) == [("checkpoint", None)]


def test_another_key_is_refused_when_the_right_one_is_known(log: Folder) -> None:
    mine = Signer(key_of(log).name, Ed25519PrivateKey.from_private_bytes(b"f" * 32))
    right = key_of(log)
    log.write("checkpoint", mine.sign(str(checkpoint(log))).encode())
    log.write("key", str(mine.public).encode())

    assert judged(log).ok
    assert named(verify(log, right)) == [("checkpoint", None)]


# ---- two checkpoints -----------------------------------------------------------------------------


def test_every_later_log_continues_an_earlier_checkpoint(tenant: Tenant, tmp_path: Path) -> None:
    held = []
    for step in range(5):
        enter(100)
        sequence(now=NOW)
        held.append(checkpoint(copied(tenant, tmp_path / str(step))))

    last = Folder(tmp_path / "4")
    assert verify(last, key_of(last), held).ok


def test_a_rollback_is_named(log: Folder, tenant: Tenant, tmp_path: Path) -> None:
    enter()
    sequence(now=NOW)
    later = checkpoint(copied(tenant, tmp_path / "later"))

    report = verify(log, key_of(log), [later])

    assert [str(one) for one in report.findings] == [
        "checkpoint: The log was rolled back: it has 600 leaves, and it had 601."
    ]


def test_a_fork_is_named(log: Folder, tenant: Tenant) -> None:
    """Somebody with the key and the database writes another history, and signs it."""
    honest = checkpoint(log)
    entries = tiles.unpacked(log.read("tile/entries/000") or b"")
    entries[0] = entries[0].replace(b"test.thing.done", b"test.thing.gone")
    log.write("tile/entries/000", tiles.packed(entries))
    edge, whole = tiles.Edge(log, 0), [*entries]
    for name in ("tile/entries/001", "tile/entries/002.p/88"):
        whole += tiles.unpacked(log.read(name) or b"")
    edge.add(b"".join(map(merkle.leaf_hash, whole)), log.write)
    signer = keys.signer(tenant.pk, key_of(log).name)
    forged = signer.sign(str(Checkpoint(honest.origin, COUNT, edge.root())))
    log.write("checkpoint", forged.encode())

    assert named(judged(log)) == [("tile/details/000", 0)] or judged(log).ok
    report = verify(log, key_of(log), [honest])

    assert "The log was forked" in str(report.findings[-1])


# ---- forgotten and gone --------------------------------------------------------------------------


def test_after_forgetting_the_log_is_whole_and_nobody_can_tell_whom_it_was_about(
    tenant: Tenant, tmp_path: Path
) -> None:
    person = uuid4()
    for number in range(3):
        record("test.thing.done", subject=person, by="system", at=NOW, detail={"count": number})
    enter(2, detail={"count": 9})
    sequence(now=NOW)
    before = copied(tenant, tmp_path / "before")

    forget_subject(person)

    after = copied(tenant, tmp_path / "after")
    report = verify(after, key_of(after), [checkpoint(before)])
    assert (report.ok, report.entries, report.opened) == (True, 5, 2)
    everything = b"".join(file.read_bytes() for file in after.place.rglob("*") if file.is_file())
    assert str(person).encode() not in everything
    assert b'{"count": 9}' in everything
    assert b'{"count": 1}' not in everything
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from audit_subjectkey")
        assert cursor.fetchone() == (0,)


def test_entries_that_went_by_their_clock_leave_their_hashes(
    tenant: Tenant, tmp_path: Path
) -> None:
    enter(3)
    sequence(now=NOW)
    before = checkpoint(copied(tenant, tmp_path / "before"))
    go(2)
    sweep_told(2)
    sequence(now=NOW)

    after = copied(tenant, tmp_path / "after")
    report = verify(after, key_of(after), [before])

    assert (report.findings, report.entries, report.gone) == ([], 2, 2)


def sweep_told(count: int) -> None:
    """What a sweep of the audit leaves."""
    Entry.objects.create(
        at=NOW,
        kind="retention.swept",
        by="system",
        target="audit_entry:audit",
        detail={"count": count},
    )


def go(count: int) -> None:
    """Let the oldest entries go as the sweep does."""
    with connection.cursor() as cursor:
        cursor.execute("set local skola.clocking = 'on'")
        cursor.execute("update audit_entry set due_at = %s where leaf_index < %s", [NOW, count])
        cursor.execute(
            "select retention_forget_audit_entry(array(select id from audit_entry where due_at <="
            " %s), %s)",
            [NOW, NOW],
        )
        cursor.execute("set local skola.clocking = 'off'")


def test_more_entries_gone_than_a_sweep_tells_of_are_missed(tenant: Tenant, tmp_path: Path) -> None:
    enter(6)
    sequence(now=NOW)
    sweep_told(1)
    sequence(now=NOW)
    log = copied(tenant, tmp_path / "copy")
    for gone, well in (([3], True), ([3, 4], False)):
        take_out(log, "000.p/7", gone)
        assert judged(log).ok is well


# ---- the command ---------------------------------------------------------------------------------


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run ``skola audit verify`` on a copy."""

    def run(*words: object) -> tuple[int, str]:
        code = main(["audit", "verify", *map(str, words)])
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


def test_the_command_verifies_folders_and_archives(
    log: Folder, tmp_path: Path, said: Callable[..., tuple[int, str]]
) -> None:
    code, told = said("--copy", log.place)
    assert code == 0
    assert f"600 leaves, root {checkpoint(log).root.hex()}: all is well" in told
    assert f"key {key_of(log)}  (believed; name it with --key)" in told

    archive = Path(shutil.make_archive(str(tmp_path / "zipped"), "zip", tmp_path, "copy"))
    assert said("--copy", archive, "--key", key_of(log), "--from", log.place / "checkpoint")[0] == 0

    flip(log, "tile/0/001", 0)
    code, told = said("--copy", log.place, "--from", archive)
    assert code == 1
    assert "leaf 256 in tile/0/001: The tile was changed" in told


def test_the_command_refuses_what_it_cannot_read(
    log: Folder, tmp_path: Path, said: Callable[..., tuple[int, str]]
) -> None:
    (tmp_path / "no.zip").write_bytes(b"PK")
    assert said("--copy", tmp_path / "nowhere")[0] == 2
    assert said("--copy", tmp_path / "no.zip")[0] == 2
    assert said("--copy", log.place, "--key", "nonsense")[0] == 2
    assert said("--copy", log.place, "--from", tmp_path / "nowhere")[0] == 2
    empty = tmp_path / "empty.zip"
    zipfile.ZipFile(empty, "w").close()
    assert said("--copy", empty)[0] == 2


def test_a_copy_is_verified_without_settings_or_database(log: Folder) -> None:
    house = str(Path(__file__).resolve().parents[4])
    words = [sys.executable, "-c", NO_DJANGO, house, "audit", "verify", "--copy", str(log.place)]
    done = subprocess.run(words, capture_output=True, text=True, env={}, check=False)

    assert done.returncode == 0, done.stderr
    assert "all is well" in done.stdout


NO_DJANGO = """
import sys
sys.path.insert(0, sys.argv.pop(1))
sys.modules["django"] = None
from skola.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_the_live_log_is_a_store_too(tenant: Tenant, log: Folder) -> None:
    live = log_of(tenant.pk)
    assert live.key is not None
    assert verify(Live(live), live.key).ok

    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("reset role")
        cursor.execute("set local role skola_owner")
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table audit_entry disable trigger audit_stays")
        cursor.execute("update audit_entry set kind = 'forged' where leaf_index = 300")
        cursor.execute("alter table audit_entry enable trigger audit_stays")
        cursor.execute("set local role skola_app")

    assert named(verify(Live(live), live.key)) == [("tile/entries/001", 300)]


def test_the_leaf_is_readable_json(log: Folder) -> None:
    first = json.loads(tiles.unpacked(log.read("tile/entries/000") or b"")[0])

    assert first["kind"] == "test.thing.done"
    assert datetime.fromisoformat(first["at"]) - NOW == timedelta()
    assert NOW.tzinfo is UTC
