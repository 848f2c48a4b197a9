"""A new key signs the log, and whoever knows the old one is led to it."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from skola.__main__ import main
from skola.ground.audit import handover, keys
from skola.ground.audit.api import Entry, copy, log_of, new_key, sequence
from skola.ground.audit.note import Checkpoint, NoteError, Signer
from skola.ground.audit.tests.test_sequencer import NOW, assert_published, enter
from skola.ground.audit.tiles import Folder
from skola.ground.audit.verifying import verify
from skola.ground.tenants.api import Tenant


def begun(tenant: Tenant) -> Signer:
    """A log of three entries, and the key that signs it."""
    enter(3)
    sequence(now=NOW)
    key = log_of(tenant.pk).key
    assert key is not None
    return keys.signer(tenant.pk, key.name)


def note_of(tenant: Tenant) -> str:
    return (log_of(tenant.pk).folder.read("checkpoint") or b"").decode()


def test_a_new_key_signs_and_both_are_known(tenant: Tenant, tmp_path: Path) -> None:
    first = begun(tenant)
    held = Checkpoint.read(note_of(tenant), first.public)

    second = new_key(by="skola audit", now=NOW)

    assert log_of(tenant.pk).key == second != first.public
    assert Checkpoint.read(note_of(tenant), second).size == 4  # the entry that says so
    said = Entry.objects.get(kind="audit.log.new_key")
    assert said.detail == {"old": first.public.id.hex(), "new": second.id.hex()}
    third = new_key(by="skola audit", now=NOW)
    enter(2)
    sequence(now=NOW)
    assert_published(tenant, 7)
    folder = Folder(tmp_path / "copy")
    copy(log_of(tenant.pk), folder.write)
    for key in (first.public, second, third):
        assert verify(folder, key, [held]).findings == []
    stranger = Signer(first.name, Ed25519PrivateKey.from_private_bytes(b"f" * 32))
    assert not verify(folder, stranger.public).ok


def test_the_command_knows_both_with_a_database_and_without(
    tenant: Tenant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = begun(tenant)
    old = tmp_path / "old"
    old.write_text(note_of(tenant))

    assert main(["audit", "new-key"]) == 2
    assert main(["audit", "new-key", "--tenant", tenant.slug]) == 0

    new = log_of(tenant.pk).key
    assert f"key {new}" in capsys.readouterr().out
    copied = tmp_path / "copied"
    copy(log_of(tenant.pk), Folder(copied).write)
    for key in (first.public, new):
        words = ["audit", "verify", "--key", str(key), "--from", str(old)]
        assert main([*words, "--tenant", tenant.slug]) == 0
        assert main([*words, "--copy", str(copied)]) == 0
    assert f"which handed over to {new}" in capsys.readouterr().out


def test_what_the_old_key_signs_afterwards_is_refused(tenant: Tenant, tmp_path: Path) -> None:
    first = begun(tenant)
    new_key(by="skola audit", now=NOW)
    enter()
    sequence(now=NOW)
    folder = Folder(tmp_path / "copy")
    found = copy(log_of(tenant.pk), folder.write)
    folder.write("checkpoint", first.sign(str(found)).encode())

    report = verify(folder, first.public)

    assert "was replaced at 4 leaves, and has signed 5" in str(report.findings[0])


@pytest.mark.parametrize("stop", ["before the hand-over", "after it", "after the file"])
def test_a_change_that_was_killed_is_taken_up(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    first = begun(tenant)

    def killed(*_words: object) -> str:
        if stop == "after the file":
            take_next(tenant.pk)
        raise InterruptedError

    take_next = keys.take_next
    with monkeypatch.context() as patch:
        if stop == "before the hand-over":
            patch.setattr(handover, "write", killed)
        else:
            patch.setattr(keys, "take_next", killed)
        with pytest.raises(InterruptedError):
            new_key(by="skola audit", now=NOW)
    known = log_of(tenant.pk).checkpoint()
    assert known is not None
    assert known.size == 4
    enter()
    sequence(now=NOW)

    assert_published(tenant, 5)
    assert (log_of(tenant.pk).key == first.public) is (stop == "before the hand-over")


def test_damaged_hand_overs_are_named_by_the_command(
    tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(tenant)
    new_key(by="skola audit", now=NOW)
    log_of(tenant.pk).folder.write("handovers", b"nonsense")

    assert main(["audit", "verify", "--tenant", tenant.slug]) == 1
    assert "handovers: " in capsys.readouterr().out


def test_a_hand_over_that_was_changed_is_named(tenant: Tenant, tmp_path: Path) -> None:
    first = begun(tenant)
    new_key(by="skola audit", now=NOW)
    folder = Folder(tmp_path / "copy")
    copy(log_of(tenant.pk), folder.write)
    written = folder.read("handovers") or b""
    folder.write("handovers", written.replace(b"\n4\n", b"\n9\n"))

    assert verify(folder, first.public).findings[0].file == "handovers"

    stranger = Signer(first.name, Ed25519PrivateKey.from_private_bytes(b"f" * 32))
    text = str(handover.Handover(first.public, stranger.public, 4))
    for lines in (first.sign(text), stranger.sign(text)):  # by one of both only
        with pytest.raises(NoteError):
            handover.read(lines.encode())


def test_everybody_may_fetch_the_hand_overs(tenant: Tenant, client: Client) -> None:
    first = begun(tenant)
    place = "/.well-known/skola-audit/handovers"
    assert client.get(place).status_code == 404

    second = new_key(by="skola audit", now=NOW)

    assert handover.read(client.get(place).content) == [handover.Handover(first.public, second, 4)]
