"""From one signing key of a log to the next. No Django here: an auditor reads the same lines.

The file ``handovers`` beside the checkpoint holds a note for each change. Where the old key was
there, both have signed it, and who knows either of them is led to the other. A key that was lost
could not sign; the new one says so alone, and puts the last checkpoint of the lost one beside it.
Who knows the new key is led to the lost one, never the other way: anybody can say that a key was
lost. What a key signed before it was replaced stays good; of a larger tree it may sign nothing any
more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from skola.ground.audit.note import Checkpoint, NoteError, PublicKey, Signer, read_note

HANDOVERS = "handovers"
_MARK, _LOST = "skola.handover/1", "skola.key-lost/1"
_NOTHING = "-\n-"
"""In place of root and signature, where the lost key had signed nothing yet."""


@dataclass(frozen=True)
class Handover:
    """From ``size`` leaves on, ``new`` signs the log that ``old`` has signed."""

    old: PublicKey
    new: PublicKey
    size: int
    lost: str = ""
    """Of a lost key: the root over these leaves and its signature, two lines."""

    def __str__(self) -> str:
        mark = _LOST if self.lost else _MARK
        text = f"{self.old.name}\n{mark}\n{self.size}\n{self.old}\n{self.new}\n"
        return f"{text}{self.lost}\n" if self.lost else text

    @property
    def note(self) -> str:
        """The last checkpoint of a lost key, as it is signed; empty where there was none."""
        if self.lost in ("", _NOTHING):
            return ""
        root, signature = self.lost.split("\n")
        return f"{self.old.name}\n{self.size}\n{root}\n\n{signature}\n"

    @classmethod
    def read(cls, note: str) -> "Handover":
        """Read a hand-over that is signed as it has to be. Raises NoteError."""
        lines = note.partition("\n\n")[0].split("\n")
        forms = {_MARK: 5, _LOST: 7}
        if len(lines) < 5 or len(lines) != forms.get(lines[1]) or not lines[2].isdecimal():
            raise NoteError("This is no hand-over of a key.")
        size, lost = int(lines[2]), "\n".join(lines[5:])
        found = cls(PublicKey.read(lines[3]), PublicKey.read(lines[4]), size, lost)
        for key in (found.new,) if lost else (found.old, found.new):
            if key.name != found.old.name or read_note(note, key) != str(found):
                raise NoteError(f"The hand-over to the key {found.new.id.hex()} is not as signed.")
        return found


def write(size: int, old: Signer, new: Signer) -> str:
    """Return the note of a hand-over, signed by both keys."""
    text = str(Handover(old.public, new.public, size))
    return old.sign(text) + new.sign(text).removeprefix(f"{text}\n")


def write_lost(signed: str, size: int, old: PublicKey, new: Signer) -> str:
    """Return the note that says that ``old`` was lost, signed by the new key.

    ``signed`` is the last checkpoint, of ``size`` leaves; empty where there is none.
    """
    text, _blank, signature = signed.rstrip("\n").partition("\n\n")
    lost = "\n".join([text.split("\n")[2], signature.split("\n")[0]]) if signed else _NOTHING
    return new.sign(str(Handover(old, new.public, size, lost)))


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
    for number, one in enumerate(found):
        if one.note or (one.lost and one.size):
            checkpoint(one.note, one.old, found[:number])
    return found


def last(key: PublicKey, handovers: Sequence[Handover]) -> PublicKey:
    """Return the key to which ``key`` has handed over in the end: itself, where it has not."""
    for one in handovers:
        if one.old == key and not one.lost:
            key = one.new
    return key


def loss(key: PublicKey, handovers: Sequence[Handover]) -> Handover | None:
    """Return how the log went on when the key was lost to which ``key`` leads; None if it is not.

    Only the new key says so: whether it is true has to be asked elsewhere.
    """
    newest = last(key, handovers)
    return next((one for one in handovers if one.old == newest), None)


def losses(key: PublicKey, handovers: Sequence[Handover]) -> list[tuple[Handover, Checkpoint]]:
    """Return the keys lost before ``key`` signed, each with the last checkpoint that it signed."""
    newest, found = last(key, handovers), list[tuple[Handover, Checkpoint]]()
    for number, one in enumerate(handovers):
        if one.note:
            found.append((one, checkpoint(one.note, one.old, handovers[:number])))
        if one.new == newest:
            return found
    return []


def checkpoint(note: str, key: PublicKey, handovers: Sequence[Handover]) -> Checkpoint:
    """Read a checkpoint signed by ``key`` or by a key that it is tied to by hand-overs.

    Raises NoteError, also where a key signed a tree larger than the one at which it was replaced.
    """
    newest = last(key, handovers)
    try:
        return Checkpoint.read(note, newest)
    except NoteError as problem:
        first = problem
    for one in _before(newest, handovers):
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


def _before(key: PublicKey, handovers: Sequence[Handover]) -> Iterator[Handover]:
    """The hand-overs that led to a key, the latest first."""
    for one in reversed(handovers):
        if one.new == key:
            yield one
            key = one.old
