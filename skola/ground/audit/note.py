"""Signed notes and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), with Ed25519.

A checkpoint says how many leaves the tree of a log has and what its root is. No Django here: an
auditor reads the same lines with the same code.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from skola.ground.audit.merkle import HASH

ED25519 = b"\x01"


class NoteError(Exception):
    """A note or a key that cannot be read, or a signature that is missing or wrong."""


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(f"{name}\n".encode() + ED25519 + public).digest()[:4]


@dataclass(frozen=True)
class PublicKey:
    """The key by which a log is known: ``NAME+ID+BASE64``."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return _key_id(self.name, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def read(cls, text: str) -> "PublicKey":
        """Read a key as it is written. Raises NoteError."""
        parts = text.strip().split("+", 2)
        try:
            name, shown, written = parts
            raw = base64.b64decode(written, validate=True)
        except (ValueError, binascii.Error):
            raise NoteError(f"{text.strip()[:80]!r} is no key: NAME+ID+BASE64 is one.") from None
        if raw[:1] != ED25519 or len(raw) != 33:
            raise NoteError(f"The key {name} is not of Ed25519.")
        found = cls(name, raw[1:])
        if not _is_name(name) or found.id.hex() != shown:
            raise NoteError(f"The key {name} does not have the id {shown}: it was miswritten.")
        return found


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


@dataclass(frozen=True)
class Signer:
    """A private key and the name under which it signs."""

    name: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.name, self.key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """Return ``text``, which ends with a line break, as a signed note."""
        signature = base64.b64encode(self.public.id + self.key.sign(text.encode())).decode()
        return f"{text}\n— {self.name} {signature}\n"


def read_note(note: str, key: PublicKey) -> str:
    """Return the text that ``key`` has signed. Signatures by other keys are passed over.

    Raises NoteError.
    """
    text, found, signatures = note.rpartition("\n\n")
    if not found or not signatures.endswith("\n"):
        raise NoteError("This is no signed note: a blank line and signatures are missing.")
    text += "\n"
    for line in signatures[:-1].split("\n"):
        mark, name, signature = [*line.split(" "), "", ""][:3]
        try:
            raw = base64.b64decode(signature, validate=True)
        except (ValueError, binascii.Error):
            raw = b""
        if mark != "—" or len(raw) < 5:
            raise NoteError(f"This is no line of a signature: {line[:80]!r}.")
        if name == key.name and raw[:4] == key.id:
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], text.encode())
            except InvalidSignature:
                raise NoteError(f"The signature of {name} does not fit the text.") from None
            return text
    raise NoteError(f"The note is not signed by {key.name} with the key {key.id.hex()}.")


@dataclass(frozen=True)
class Checkpoint:
    """A tree that a log has published: whose, how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, note: str, key: PublicKey) -> "Checkpoint":
        """Read a checkpoint that ``key`` has signed. Raises NoteError."""
        lines = read_note(note, key).split("\n")
        try:
            origin, size, root = lines[:3]
            found = cls(origin, int(size), base64.b64decode(root, validate=True))
        except (ValueError, binascii.Error):
            raise NoteError("The note holds no checkpoint: origin, size and root.") from None
        if found.origin != key.name or not size.isdecimal() or str(found.size) != size:
            raise NoteError(f"The note holds no checkpoint of {key.name}.")
        if len(found.root) != HASH:
            raise NoteError("The root in the checkpoint is no SHA-256.")
        return found
