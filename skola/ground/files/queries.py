"""Opening files, and comparing what is stored with what the keys say."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from skola.ground.files import keys, storage
from skola.ground.files.cipher import DamagedError, PlainFile, Reader, Spans
from skola.ground.files.keys import KeyLostError
from skola.ground.files.models import DoomedObject, FilePart, ObjectKey, StoredFile
from skola.ground.files.rules import PIECE, Stretch, stretches
from skola.ground.tenants.api import current_id

GRACE = timedelta(hours=24)
"""An object without a key may belong to an upload that is not committed yet."""


@dataclass(frozen=True)
class PartsReader:
    """Reads any bytes of a file that grew, decrypting only the parts they lie in."""

    key: bytes
    parts: tuple[Stretch, ...]

    def span(self, first: int, last: int) -> Iterator[bytes]:
        """Yield the bytes from ``first`` to ``last``, both included, part by part."""
        for part, begin, end in stretches(self.parts, first, last):
            key = keys.part_key(self.key, part.name)
            reader = Reader(storage.reader(part.name), key=key, name=part.name, size=part.size)
            yield from reader.span(begin, end)


def key_of(stored: StoredFile) -> bytes:
    """Return the file's own key. Raises ObjectKey.DoesNotExist, KeyLostError."""
    found = ObjectKey.objects.get(file_id=stored.pk)
    return keys.unwrap(
        bytes(found.wrapped), tenant=current_id(), file=stored.pk, named=found.wrapped_by
    )


def reader_of(stored: StoredFile) -> Spans:
    """Return what decrypts the file; the key is fetched now, the object when it is read.

    Raises ObjectKey.DoesNotExist where its key is gone, KeyLostError where the installation's is.
    """
    key = key_of(stored)
    if stored.grows:
        told = stored.parts.order_by("number").values_list("start", "size", "stored_as")
        return PartsReader(key, tuple(Stretch(*each) for each in told))
    return Reader(
        storage.reader(stored.stored_as), key=key, name=stored.stored_as, size=stored.size
    )


def open_file(stored: StoredFile) -> IO[bytes]:
    """Return the file in the clear, to read and to seek in; one piece at a time is in memory."""
    return io.BufferedReader(PlainFile(reader_of(stored), stored.size), buffer_size=PIECE)


UNREADABLE = (DamagedError, KeyLostError, ObjectKey.DoesNotExist, FileNotFoundError)
"""What reading a stored file raises where its key or its object is gone or damaged."""


def pieces_of(stored: StoredFile) -> Iterator[bytes]:
    """Yield the file in the clear, piece by piece. Raises one of UNREADABLE."""
    if stored.size:
        yield from reader_of(stored).span(0, stored.size - 1)


def opened(stored: StoredFile, sealed: bytes) -> bytes:
    """Return what the sealed bytes of a file hold, that lay elsewhere. Raises one of UNREADABLE."""

    def read_at(start: int, length: int) -> bytes:
        return sealed[start : start + length]

    reader = Reader(read_at, key=key_of(stored), name=stored.stored_as, size=stored.size)
    return b"".join(reader.span(0, stored.size - 1)) if stored.size else b""


@dataclass(frozen=True)
class Orphans:
    """What does not fit together in the files of a tenant."""

    objects_without_key: tuple[str, ...]
    keys_without_object: tuple[str, ...]


def orphans(*, now: datetime) -> Orphans:
    """Compare the storage with the keys, in both directions, for the tenant that is speaking.

    Objects stored less than GRACE before ``now`` and objects that wait for deletion are in order.
    """
    whole = ObjectKey.objects.filter(file__grows=False)
    known = set(whole.values_list("stored_as", flat=True))
    known |= set(FilePart.objects.values_list("stored_as", flat=True))
    waiting = set(DoomedObject.objects.values_list("stored_as", flat=True))
    present = set(storage.names_of(str(current_id())))
    loose = sorted(
        name for name in present - known - waiting if storage.changed_at(name) < now - GRACE
    )
    return Orphans(tuple(loose), tuple(sorted(known - present)))
