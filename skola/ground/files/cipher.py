"""The form of an object: pieces of one MiB, each sealed by AES-256-GCM under the object's own key.

The nonce is the number of the piece, which is safe because a key seals one object and one only. The
name of the object, the number and whether it is the last one are bound to each piece, so pieces can
neither be swapped, nor left out at the end, nor moved to another object.
"""

import io
import struct
from collections.abc import Callable, Iterator
from typing import IO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from skola.ground.files.rules import PIECE, TAG, pieces_of

ReadAt = Callable[[int, int], bytes]
"""Reads ``length`` bytes of the stored object from ``start``."""


class DamagedError(Exception):
    """A stored object is not what was stored, or was sealed under another key."""


def _seal(index: int, last: bool, name: str) -> tuple[bytes, bytes]:
    return struct.pack(">IQ", 0, index), f"{name}|{index}|{last:d}".encode()


def encrypt(plain: IO[bytes], into: IO[bytes], *, key: bytes, name: str) -> None:
    """Write the object of ``plain`` to ``into``, one piece at a time. ``key`` is used only once."""
    cipher = AESGCM(key)
    piece, index = _full(plain), 0
    while True:
        following = _full(plain) if len(piece) == PIECE else b""
        nonce, bound = _seal(index, not following, name)
        into.write(cipher.encrypt(nonce, piece, bound))
        if not following:
            return
        piece, index = following, index + 1


def _full(source: IO[bytes]) -> bytes:
    found = bytearray()
    while len(found) < PIECE and (part := source.read(PIECE - len(found))):
        found += part
    return bytes(found)


class Spans(Protocol):
    """What gives the bytes of a file in the clear."""

    def span(self, first: int, last: int) -> Iterator[bytes]:
        """Yield the bytes from ``first`` to ``last``, both included, piece by piece."""


class Reader:
    """Reads any bytes of an encrypted object, decrypting only the pieces they lie in."""

    def __init__(self, read_at: ReadAt, *, key: bytes, name: str, size: int) -> None:
        self._read_at = read_at
        self._cipher = AESGCM(key)
        self._name = name
        self._size = size

    def piece(self, index: int) -> bytes:
        """Return piece ``index`` in the clear. Raises DamagedError."""
        last = index == pieces_of(self._size) - 1
        length = self._size - index * PIECE if last else PIECE
        sealed = self._read_at(index * (PIECE + TAG), length + TAG)
        nonce, bound = _seal(index, last, self._name)
        try:
            return self._cipher.decrypt(nonce, sealed, bound)
        except InvalidTag:
            raise DamagedError(f"Piece {index} of the object {self._name} is damaged.") from None

    def span(self, first: int, last: int) -> Iterator[bytes]:
        """Yield the bytes from ``first`` to ``last``, both included, piece by piece."""
        for index in range(first // PIECE, last // PIECE + 1):
            start = index * PIECE
            yield self.piece(index)[max(0, first - start) : last + 1 - start]


class PlainFile(io.RawIOBase):
    """A decrypted object as a file to read and seek in."""

    def __init__(self, reader: "Spans", size: int) -> None:
        self._reader, self._size, self._at = reader, size, 0

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

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # typeshed: Buffer
        if self._at >= self._size:
            return 0
        last = min(self._at + len(buffer), self._size, (self._at // PIECE + 1) * PIECE) - 1
        found = b"".join(self._reader.span(self._at, last))
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)
