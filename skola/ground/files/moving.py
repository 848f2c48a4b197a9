"""The files of a tenant that goes over to another installation, and of one that comes from there.

Objects move as they are stored. Their keys are opened here, travel in a sealed archive, and are
wrapped anew there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.files import keys, storage
from skola.ground.files.models import FilePart, ObjectKey, StoredFile
from skola.ground.tenants.api import current_id


@dataclass(frozen=True)
class Moving:
    """The key of one object, opened, with the row it came from."""

    id: UUID
    file: UUID
    stored_as: str
    key: bytes


@reading_for(ENGINE)
def keys_of_files(without: Iterable[UUID] = ()) -> Iterator[Moving]:
    """Give the key of every file of the speaking tenant but these. Raises KeyLostError."""
    tenant = current_id()
    found = ObjectKey.objects.exclude(file__in=list(without)).order_by("pk")
    for one in found.iterator(chunk_size=500):
        key = keys.unwrap(bytes(one.wrapped), tenant=tenant, file=one.file_id, named=one.wrapped_by)
        yield Moving(one.pk, one.file_id, one.stored_as, key)


def keep_moved(told: Iterable[Moving]) -> int:
    """Wrap keys that came with the speaking tenant by the installation's, and return how many."""
    tenant, named = current_id(), keys.key_name()
    made = [
        ObjectKey(
            id=one.id,
            file_id=one.file,
            wrapped=keys.wrap(one.key, tenant=tenant, file=one.file),
            wrapped_by=named,
            stored_as=one.stored_as,
        )
        for one in told
    ]
    return len(ObjectKey.objects.bulk_create(made, batch_size=500))


@reading_for(ENGINE)
def objects_of_files(without: Iterable[UUID] = ()) -> list[str]:
    """Return the names of the objects of every file of the speaking tenant but these."""
    left = list(without)
    whole = StoredFile.objects.filter(grows=False).exclude(pk__in=left)
    parts = FilePart.objects.exclude(file__in=left)
    names = {*whole.values_list("stored_as", flat=True), *parts.values_list("stored_as", flat=True)}
    return sorted(names)


def put_moved(name: str, content: IO[bytes]) -> None:
    """Store an object that came with the speaking tenant, in place of what a killed try left.

    Raises ValueError for a name outside of the tenant's own folder.
    """
    if not name.startswith(f"{current_id()}/") or ".." in name.split("/"):
        raise ValueError(f"{name!r} is no object of this tenant.")
    if storage.exists(name):
        storage.delete(name)
    storage.put(name, content)


def drop_moved(names: Iterable[str]) -> None:
    """Take objects away again whose tenant did not come after all."""
    for name in names:
        storage.delete(name)
