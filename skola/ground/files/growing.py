"""Files that come part by part, while they are made: a film of an hour in pieces of a second.

Each part is an object of its own under a key derived from the file's, so destroying the one key
destroys them all. Parts come in order, may come twice, and are sealed one by the other.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from skola.ground.audit import api as audit
from skola.ground.files import cipher, keys, storage
from skola.ground.files.actions import demand_key, keep_key
from skola.ground.files.kinds import known
from skola.ground.files.models import FilePart, StoredFile
from skola.ground.files.queries import key_of
from skola.ground.files.rules import (
    HEAD,
    UNSEALED,
    clean_name,
    next_seal,
    object_name,
    tell_type,
)
from skola.ground.ids import uuid7
from skola.ground.tenants.api import current_id

TYPE_UNKNOWN = "application/octet-stream"


class OutOfTurnError(Exception):
    """A part that is not the next one. ``expected`` is the number that is."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"The next part has the number {expected}.")
        self.expected = expected


class DifferentPartError(Exception):
    """A part that came before with other bytes, or that no file of this kind begins with."""


@dataclass(frozen=True)
class Appended:
    """How far a file is after a part: parts, bytes, its seal, and whether the part was new."""

    parts: int
    size: int
    seal: str
    is_new: bool


@transaction.atomic
def begin(*, kind: str, name: str, by: str, now: datetime) -> StoredFile:
    """Begin a file that grows, with a key of its own and no bytes yet."""
    known(kind)
    demand_key()
    file = uuid7()
    stored = StoredFile.objects.create(
        id=file,
        kind=kind,
        name=clean_name(name),
        content_type=TYPE_UNKNOWN,
        size=0,
        sha256=UNSEALED,
        stored_as=object_name(str(current_id()), str(file)),
        grows=True,
        created_at=now,
    )
    keep_key(stored, keys.fresh_key())
    audit.record("files.file.stored", target=stored, by=by, at=now)
    return stored


@transaction.atomic
def append(stored: StoredFile, content: bytes, *, number: int, now: datetime) -> Appended:
    """Add the next part of a file; parts are numbered from 0.

    A part that came before is taken as told again. Raises OutOfTurnError for one that comes too
    early, DifferentPartError for other bytes under a known number, or for a first part of a type
    that the kind does not accept; nothing is kept then.
    """
    file = StoredFile.objects.select_for_update().get(pk=stored.pk)
    digest = sha256(content).hexdigest()
    last = file.parts.order_by("-number").first()
    count = last.number + 1 if last else 0
    if number < count:
        if file.parts.get(number=number).digest != digest:
            raise DifferentPartError(f"Part {number} came before with other bytes.")
        return Appended(count, file.size, file.sha256, is_new=False)
    if number > count:
        raise OutOfTurnError(count)
    if number == 0:
        found = tell_type(content[:HEAD])
        if found.family not in known(file.kind).accepts:
            raise DifferentPartError("The first part is not the beginning of such a file.")
        file.content_type = found.content_type
    seal = next_seal(file.sha256, digest)
    part = uuid7()
    FilePart.objects.create(
        id=part,
        file=file,
        number=number,
        start=file.size,
        size=len(content),
        digest=digest,
        seal=seal,
        stored_as=_put(file, str(part), content),
        created_at=now,
    )
    file.size, file.sha256 = file.size + len(content), seal
    file.save(update_fields=["size", "sha256", "content_type"])
    return Appended(count + 1, file.size, seal, is_new=True)


def _put(file: StoredFile, part: str, content: bytes) -> str:
    """Store the object of a part, and return its name, which is never used again."""
    name, sealed = object_name(str(current_id()), part), io.BytesIO()
    cipher.encrypt(io.BytesIO(content), sealed, key=keys.part_key(key_of(file), name), name=name)
    sealed.seek(0)
    storage.put(name, sealed)
    return name
