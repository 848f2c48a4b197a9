"""From one signing key of a log to the next. No Django here: an auditor reads the same lines.

The file ``handovers`` beside the checkpoint holds a note for each change, signed by the old key and
by the new one: who knows either of them is led to the other. What a key signed before it was
replaced stays good; of a larger tree it may sign nothing any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from skola.ground.audit.note import Checkpoint, NoteError, PublicKey, Signer, read_note

HANDOVERS = "handovers"
_MARK = "skola.handover/1"


@dataclass(frozen=True)
class Handover:
    """From ``size`` leaves on, ``new`` signs the log that ``old`` has signed."""

    old: PublicKey
    new: PublicKey
    size: int

    def __str__(self) -> str:
        return f"{self.old.name}\n{_MARK}\n{self.size}\n{self.old}\n{self.new}\n"

    @classmethod
    def read(cls, note: str) -> "Handover":
        """Read a hand-over that both keys have signed. Raises NoteError."""
        lines = note.split("\n")[:5]
        if len(lines) < 5 or lines[1] != _MARK or not lines[2].isdecimal():
            raise NoteError("This is no hand-over of a key.")
        found = cls(PublicKey.read(lines[3]), PublicKey.read(lines[4]), int(lines[2]))
        for key in (found.old, found.new):
            if key.name != found.old.name or read_note(note, key) != str(found):
                raise NoteError(f"The hand-over to the key {found.new.id.hex()} is not as signed.")
        return found


def write(size: int, old: Signer, new: Signer) -> str:
    """Return the note of a hand-over, signed by both keys."""
    text = str(Handover(old.public, new.public, size))
    return old.sign(text) + new.sign(text).removeprefix(f"{text}\n")


def read(written: bytes | None) -> list[Handover]:
    """Read the hand-overs of a log, the oldest first. Raises NoteError where one does not fit."""
    parts = (written or b"").decode(errors="replace").rstrip("\n").split("\n\n")
    if parts == [""]:
        return []
    texts, signatures = parts[::2], parts[1::2]
    if len(texts) != len(signatures):
        raise NoteError("A hand-over has no signatures.")
    found = [
        Handover.read(f"{text}\n\n{lines}\n") for text, lines in zip(texts, signatures, strict=True)
    ]
    for before, after in pairwise(found):
        if after.old != before.new or after.size < before.size:
            raise NoteError(
                f"The hand-over to {after.new.id.hex()} does not follow the one before."
            )
    return found


def last(key: PublicKey, handovers: Sequence[Handover]) -> PublicKey:
    """Return the key that signs now, in a log of which ``key`` is or was a key."""
    return handovers[-1].new if _knows(key, handovers) else key


def _knows(key: PublicKey, handovers: Sequence[Handover]) -> bool:
    return any(key in (one.old, one.new) for one in handovers)


def checkpoint(note: str, key: PublicKey, handovers: Sequence[Handover]) -> Checkpoint:
    """Read a checkpoint signed by ``key`` or by a key that it is tied to by hand-overs.

    Raises NoteError, also where a key signed a tree larger than the one it handed over.
    """
    newest = last(key, handovers)
    try:
        return Checkpoint.read(note, newest)
    except NoteError as problem:
        first = problem
    for one in reversed(handovers) if _knows(key, handovers) else ():
        try:
            found = Checkpoint.read(note, one.old)
        except NoteError:
            continue
        if found.size > one.size:
            raise NoteError(
                f"The key {one.old.id.hex()} was replaced at {one.size} leaves, and has signed"
                f" {found.size}."
            )
        return found
    raise first
