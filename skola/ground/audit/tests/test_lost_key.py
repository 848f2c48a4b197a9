"""The key of a log is lost without a copy: it goes on under a new one, and the old part stays."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from skola.__main__ import main
from skola.ground.audit import handover, keys, merkle
from skola.ground.audit.api import (
    Entry,
    LogError,
    LogKeyError,
    copy,
    key_trouble,
    log_of,
    new_key,
    replace_lost_key,
    sequence,
)
from skola.ground.audit.models import Head
from skola.ground.audit.note import Checkpoint, NoteError, PublicKey, Signer
from skola.ground.audit.tests.test_handover import begun, note_of
from skola.ground.audit.tests.test_sequencer import NOW, assert_published, enter
from skola.ground.audit.tiles import Folder
from skola.ground.audit.verifying import Report, verify
from skola.ground.tenants.api import Tenant

BY = "skola audit"


def lose(tenant: Tenant) -> None:
    keys.key_file(tenant.pk).unlink()


def trouble(tenant: Tenant) -> str:
    return key_trouble(log_of(tenant.pk))


def judged(tenant: Tenant, key: PublicKey, place: Path, *held: Checkpoint) -> Report:
    """What an auditor finds in a copy who was given this key."""
    folder = Folder(place)
    assert copy(log_of(tenant.pk), folder.write) is not None
    return verify(folder, key, held)


def stranger(name: str) -> Signer:
    return Signer(name, Ed25519PrivateKey.from_private_bytes(b"f" * 32))


def test_without_its_key_the_log_waits_and_says_what_to_do(tenant: Tenant) -> None:
    begun(tenant)
    assert trouble(tenant) == ""
    lose(tenant)
    enter(2)

    for _ in range(2):
        with pytest.raises(LogKeyError, match=r"is not there\. Restore the file"):
            sequence(now=NOW)

    assert not keys.key_file(tenant.pk).exists(), "no other key takes its place by itself"
    assert "Entries wait until then" in trouble(tenant)
    assert Entry.objects.filter(leaf_index=None).count() == 2


def test_a_new_key_goes_on_and_begins_by_saying_so(tenant: Tenant, tmp_path: Path) -> None:
    first = begun(tenant)
    held = Checkpoint.read(note_of(tenant), first.public)
    lose(tenant)
    enter(2)

    second = replace_lost_key(by=BY, now=NOW)

    assert log_of(tenant.pk).key == second != first.public
    assert trouble(tenant) == ""
    said = Entry.objects.get(kind="audit.log.key_lost")
    assert said.detail == {"old": first.public.id.hex(), "new": second.id.hex(), "size": 3}
    assert_published(tenant, 3 + 2 + 1)
    enter()
    sequence(now=NOW)
    assert judged(tenant, second, tmp_path / "copy", held).findings == []


def test_who_knows_only_the_lost_key_is_asked_to_get_the_new_one(
    tenant: Tenant, tmp_path: Path
) -> None:
    first = begun(tenant)
    lose(tenant)
    second = replace_lost_key(by=BY, now=NOW)
    third = new_key(by=BY, now=NOW)

    (found,) = judged(tenant, first.public, tmp_path / "copy").findings

    assert found.file == "handovers"
    assert f"lost at 3 leaves, says {second}, which signed what came then" in found.words
    for key in (second, third):
        assert judged(tenant, key, tmp_path / "copy").findings == []


def test_what_the_lost_key_signed_cannot_be_changed_under_the_new_one(
    tenant: Tenant, tmp_path: Path
) -> None:
    """Whoever has the new key signs another beginning: the last checkpoint of the lost one says."""
    begun(tenant)
    lose(tenant)
    replace_lost_key(by=BY, now=NOW)
    folder = Folder(tmp_path / "copy")
    copy(log_of(tenant.pk), folder.write)
    other = Folder(tmp_path / "other")
    row = bytearray(folder.read("tile/0/000.p/4") or b"")
    row[5] ^= 1
    key = log_of(tenant.pk).key
    assert key is not None
    forged = Checkpoint(key.name, 4, merkle.root(bytes(row)))
    other.write("tile/0/000.p/4", bytes(row))
    other.write("handovers", folder.read("handovers") or b"")
    note = keys.signer(tenant.pk, key.name).sign(str(forged))
    other.write("checkpoint", note.encode())

    words = [one.words for one in verify(other, key).findings]

    assert any("The log was forked: its first 3 leaves" in one for one in words)


def test_a_thief_of_the_folder_cannot_say_that_the_key_was_lost(tenant: Tenant) -> None:
    """Which key signs stands in the database: a statement alone makes no key that of the log."""
    first = begun(tenant)
    folder = log_of(tenant.pk).folder
    thief = stranger(first.name)
    claim = handover.write_lost(note_of(tenant), 3, first.public, thief)
    folder.write("handovers", claim.encode())

    assert log_of(tenant.pk).key == first.public
    enter()
    sequence(now=NOW)
    assert Checkpoint.read(note_of(tenant), first.public).size == 4


def test_the_lost_key_signs_nothing_more_and_a_statement_has_to_fit(tenant: Tenant) -> None:
    first = begun(tenant)
    note = note_of(tenant)
    lose(tenant)
    second = replace_lost_key(by=BY, now=NOW)
    written = log_of(tenant.pk).folder.read("handovers")
    handovers = handover.read(written)
    assert handover.checkpoint(note, second, handovers).size == 3

    later = first.sign(str(Checkpoint(first.name, 9, b"r" * 32)))
    with pytest.raises(NoteError, match="was replaced at 3 leaves, and has signed 9"):
        handover.checkpoint(later, second, handovers)
    thief = stranger(first.name)
    for claim in (
        handover.write_lost(thief.sign(note.partition("\n\n")[0] + "\n"), 3, first.public, thief),
        handover.write_lost(note, 2, first.public, thief),  # a smaller tree than it signed
        handover.write_lost("", 3, first.public, thief),
        (written or b"").decode().replace("\n3\n", "\n2\n"),
    ):
        with pytest.raises(NoteError):
            handover.read(claim.encode())


def test_a_key_that_is_there_is_not_lost(tenant: Tenant) -> None:
    with pytest.raises(LogError, match="Nothing is signed yet"):
        replace_lost_key(by=BY, now=NOW)
    begun(tenant)
    with pytest.raises(LogError, match="leave out --lost"):
        replace_lost_key(by=BY, now=NOW)
    lose(tenant)
    log_of(tenant.pk).folder.remove("checkpoint")
    with pytest.raises(LogError, match="Restore the folder first"):
        replace_lost_key(by=BY, now=NOW)


def test_a_damaged_key_is_replaced_as_a_lost_one_and_so_is_the_next(
    tenant: Tenant, tmp_path: Path
) -> None:
    first = begun(tenant)
    keys.key_file(tenant.pk).write_bytes(b"half of it")
    assert "10 bytes instead of 32" in trouble(tenant)
    second = replace_lost_key(by=BY, now=NOW)
    lose(tenant)

    third = replace_lost_key(by=BY, now=NOW)

    assert len({first.public, second, third}) == 3
    report = judged(tenant, third, tmp_path / "copy")
    assert report.findings == []
    assert len(judged(tenant, first.public, tmp_path / "copy").findings) == 2


@pytest.mark.parametrize("stop", ["before the statement", "after it", "before the file", "after"])
def test_a_replacement_that_was_killed_is_taken_up(
    tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    begun(tenant)
    lose(tenant)
    enter()

    def killed(*_words: object, **_named: object) -> None:
        raise InterruptedError

    place = {
        "before the statement": "skola.ground.audit.handover.write_lost",
        "after it": "skola.ground.audit.sequencer.record",
        "before the file": "skola.ground.audit.keys.take_next",
        "after": "skola.ground.audit.sequencer._sequence",
    }[stop]
    with monkeypatch.context() as patch:
        patch.setattr(place, killed)
        with pytest.raises(InterruptedError):
            replace_lost_key(by=BY, now=NOW)
    is_settled = stop in ("before the file", "after")
    if is_settled:
        sequence(now=NOW)
    else:
        assert "new-key --lost" in trouble(tenant)
        replace_lost_key(by=BY, now=NOW)

    assert_published(tenant, 3 + 1 + 1)
    key = log_of(tenant.pk).key
    assert key is not None
    assert Entry.objects.filter(kind="audit.log.key_lost").count() == 1
    assert judged(tenant, key, tmp_path / "copy").findings == []


def test_a_database_from_before_the_loss_takes_up_what_was_stated(
    tenant: Tenant, tmp_path: Path
) -> None:
    first = begun(tenant)
    lose(tenant)
    second = replace_lost_key(by=BY, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("select audit_key_lost(%s)", [str(first.public)])
    assert log_of(tenant.pk).key == first.public
    enter()
    with pytest.raises(LogKeyError):
        sequence(now=NOW)

    assert replace_lost_key(by=BY, now=NOW) == second

    assert judged(tenant, second, tmp_path / "copy").findings == []
    assert Head.objects.get().key == str(second)


def test_the_command_says_what_to_tell_the_auditors(
    tenant: Tenant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = begun(tenant)
    old = tmp_path / "old"
    old.write_text(note_of(tenant))
    named = ["--tenant", tenant.slug]
    assert main(["audit", "new-key", "--lost", *named]) == 2
    assert "The key is there" in capsys.readouterr().err
    lose(tenant)
    assert main(["audit", "new-key", *named]) == 2
    assert "new-key --lost" in capsys.readouterr().err

    assert main(["audit", "new-key", "--lost", *named]) == 0

    new = log_of(tenant.pk).key
    assert "give it to your auditors" in capsys.readouterr().out
    verifying = ["audit", "verify", "--from", str(old), *named]
    assert main([*verifying, "--key", str(new)]) == 0
    shown = f"followed {first.public.id.hex()}, lost when it had signed 3 leaves"
    assert shown in capsys.readouterr().out
    assert main([*verifying, "--key", str(first.public)]) == 1
    assert f"says {new}" in capsys.readouterr().out
