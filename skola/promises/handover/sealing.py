"""An archive for one installation alone: sealed for its key, signed by the one that gives.

``skola handover key`` makes two pairs of keys of an installation: one for which archives are sealed
(X25519), one that signs receipts (Ed25519). An archive begins with one line of JSON in the clear;
behind it come pieces of a MiB, each sealed by AES-256-GCM, as stored files are (``ground.files``).
"""

import base64
import hashlib
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from skola.ground.audit import api as audit
from skola.promises.handover.rules import FORMAT

KEY_FORMAT = "skola.handover-key/1"
SIGNS_AS = "skola-handover"
PIECE = 1 << 20
TAG = 16
LONGEST_HEAD = 4_096
_INSTALLATION = UUID(int=0)
"""The keys are the installation's, and of no tenant."""


class DamagedError(Exception):
    """An archive, a key or a receipt is not what was made; the message says which part."""


@dataclass(frozen=True)
class Taker:
    """The public keys of the installation that takes."""

    seals: str
    signs: str

    def as_text(self) -> str:
        """Return the file that is given to who packs the archive."""
        said = {"format": KEY_FORMAT, "seals": self.seals, "signs": self.signs}
        return json.dumps(said, indent=1) + "\n"

    @classmethod
    def read(cls, text: str) -> "Taker":
        """Read such a file. Raises DamagedError."""
        try:
            said = json.loads(text)
            if said["format"] != KEY_FORMAT:
                raise ValueError(said["format"])
            found = cls(str(said["seals"]), str(said["signs"]))
            X25519PublicKey.from_public_bytes(base64.b64decode(found.seals, validate=True))
            audit.PublicKey.read(found.signs)
        except (ValueError, KeyError, TypeError, audit.NoteError) as problem:
            raise DamagedError(
                "This is no key of an installation: the one that takes makes it with"
                " `skola handover key`."
            ) from problem
        return found


def own_keys() -> Taker:
    """Return the public keys of this installation, making them the first time."""
    return Taker(
        base64.b64encode(_opens().public_key().public_bytes_raw()).decode(), str(_signs().public)
    )


def _opens() -> X25519PrivateKey:
    secret = audit.secret(
        _INSTALLATION, "handover-opens", lambda: X25519PrivateKey.generate().private_bytes_raw()
    )
    return X25519PrivateKey.from_private_bytes(secret)


def _signs() -> audit.Signer:
    secret = audit.secret(
        _INSTALLATION, "handover-signs", lambda: Ed25519PrivateKey.generate().private_bytes_raw()
    )
    return audit.Signer(SIGNS_AS, Ed25519PrivateKey.from_private_bytes(secret))


def signed(text: str) -> str:
    """Return a text signed by this installation."""
    return _signs().sign(text)


def said_by(note: str, key: str) -> str:
    """Return what a key has signed. Raises DamagedError."""
    try:
        return audit.read_note(note, audit.PublicKey.read(key))
    except audit.NoteError as problem:
        raise DamagedError(str(problem)) from problem


def _key(shared: bytes, ours: bytes, theirs: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"skola handover" + ours + theirs).derive(
        shared
    )


class Sealing(io.RawIOBase):
    """A file to write an archive to, which only the taker can open. Close it to end it."""

    def __init__(self, into: IO[bytes], taker: Taker, about: dict[str, Any]) -> None:
        fresh = X25519PrivateKey.generate()
        ours = fresh.public_key().public_bytes_raw()
        theirs = base64.b64decode(taker.seals)
        shared = fresh.exchange(X25519PublicKey.from_public_bytes(theirs))
        self._cipher = AESGCM(_key(shared, ours, theirs))
        self._head = _head({**about, "sealed": base64.b64encode(ours).decode(), "for": taker.seals})
        self._into, self._digest = into, hashlib.sha256()
        self._waiting, self._index, self._written = bytearray(), 0, 0
        self._put(self._head)

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._written

    def write(self, content: Any) -> int:
        self._waiting += content
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        size = len(memoryview(content).cast("B"))
        self._written += size
        return size

    def end(self) -> str:
        """Write the last piece, and return the SHA-256 of the whole file."""
        self._seal(bytes(self._waiting), last=True)
        return self._digest.hexdigest()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce, bound = _bound(self._index, self._head, last=last)
        self._put(self._cipher.encrypt(nonce, piece, bound))
        self._index += 1

    def _put(self, content: bytes) -> None:
        self._into.write(content)
        self._digest.update(content)


def _head(said: dict[str, Any]) -> bytes:
    return json.dumps({"format": FORMAT, **said}, sort_keys=True).encode() + b"\n"


def _bound(index: int, head: bytes, *, last: bool) -> tuple[bytes, bytes]:
    return index.to_bytes(12, "big"), hashlib.sha256(head).digest() + bytes([last])


class Opened(io.RawIOBase):
    """An archive for this installation, opened: to read and to seek in. Raises DamagedError."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("rb")
        head = self._file.readline(LONGEST_HEAD)
        try:
            self.about: dict[str, Any] = json.loads(head)
            if self.about["format"] != FORMAT:
                raise ValueError(self.about["format"])
            theirs = base64.b64decode(self.about["sealed"], validate=True)
            wanted = base64.b64decode(self.about["for"], validate=True)
            sender = X25519PublicKey.from_public_bytes(theirs)
        except (ValueError, KeyError, TypeError) as problem:
            raise DamagedError(f"{file} is no archive of a hand-over.") from problem
        opens = _opens()
        own = opens.public_key().public_bytes_raw()
        if wanted != own:
            raise DamagedError(
                f"{file} is sealed for another installation: have it packed for the key that"
                " `skola handover key` writes here."
            )
        self._cipher, self._head = AESGCM(_key(opens.exchange(sender), theirs, own)), head
        sealed = os.fstat(self._file.fileno()).st_size - len(head)
        self._pieces = max(1, -(-sealed // (PIECE + TAG)))
        self._size, self._at = sealed - self._pieces * TAG, 0
        self._known: tuple[int, bytes] = (-1, b"")
        self._name = file.name
        if self._size < 0:
            raise DamagedError(f"{file} was cut off.")
        self._piece(self._pieces - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        index, start = divmod(self._at, PIECE)
        found = self._piece(index)[start : start + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _piece(self, index: int) -> bytes:
        if self._known[0] != index:
            self._file.seek(len(self._head) + index * (PIECE + TAG))
            sealed = self._file.read(PIECE + TAG)
            nonce, bound = _bound(index, self._head, last=index == self._pieces - 1)
            try:
                self._known = (index, self._cipher.decrypt(nonce, sealed, bound))
            except InvalidTag:
                raise DamagedError(
                    f"{self._name} was changed or cut off: piece {index + 1} of {self._pieces} is"
                    " not as it was sealed."
                ) from None
        return self._known[1]


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
