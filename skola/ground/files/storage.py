"""Where objects lie: a folder on this machine, or a bucket that speaks S3; see the settings.

Where there is a bucket, a tenant may still have its files on this machine: a room above says so
with ``at_home``, for new ones, and ``fetch_home`` brings the others.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import storages

HOME = "home"
"""The folder on this machine, beside a bucket."""
Chooser = Callable[[], bool]
_choosers: list[Chooser] = []


def at_home(chooser: Chooser) -> Chooser:
    """Have a room say whether new files of the speaking tenant stay on this machine."""
    _choosers.append(chooser)
    return chooser


def has_bucket() -> bool:
    """Whether objects lie outside of this machine by default."""
    return hasattr(storages["objects"], "bucket")


def _for_new() -> Any:
    if has_bucket() and any(chooser() for chooser in _choosers):
        return storages[HOME]
    return storages["objects"]


def _holding(name: str) -> Any:
    """Return the storage in which an object lies; where it is gone, the one for new ones."""
    if has_bucket() and storages[HOME].exists(name):
        return storages[HOME]
    return storages["objects"]


def put(name: str, content: IO[bytes]) -> None:
    """Store an object under exactly this name. What could not be stored whole is taken away."""
    storage = _for_new()
    try:
        kept = storage.save(name, File(content, name=name))
    except OSError:
        with suppress(OSError):
            delete(name)
        raise
    if kept != name:
        storage.delete(kept)
        raise FileExistsError(f"There is an object {name} already.")


def reader(name: str) -> Callable[[int, int], bytes]:
    """Return a function that reads ``length`` bytes of the object from ``start``.

    It opens the object at each call, so nothing stays open between the pieces of a slow download.
    """
    storage = _holding(name)
    if not hasattr(storage, "bucket"):

        def from_folder(start: int, length: int) -> bytes:
            with storage.open(name, "rb") as file:
                file.seek(start)
                return bytes(file.read(length))

        return from_folder

    def from_bucket(start: int, length: int) -> bytes:
        found = storage.bucket.Object(name).get(Range=f"bytes={start}-{start + length - 1}")
        return bytes(found["Body"].read())

    return from_bucket


def sealed(name: str) -> IO[bytes]:
    """Open an object as it is stored, for a copy. Raises FileNotFoundError."""
    found: IO[bytes] = _holding(name).open(name, "rb")
    return found


def delete(name: str) -> None:
    """Delete an object, wherever it lies; nothing happens when it is gone already."""
    storages["objects"].delete(name)
    if has_bucket():
        storages[HOME].delete(name)


def exists(name: str) -> bool:
    """Whether there is an object of this name."""
    return bool(_holding(name).exists(name))


def changed_at(name: str) -> datetime:
    """Return when the object was stored, by the clock of the storage."""
    found: datetime = _holding(name).get_modified_time(name)
    return found


def names_of(tenant: str) -> Iterator[str]:
    """Yield the names of all objects of a tenant."""
    outside = set()
    for name in _names_in(storages["objects"], tenant):
        outside.add(name)
        yield name
    if has_bucket():
        yield from (name for name in _names_in(storages[HOME], tenant) if name not in outside)


def _names_in(storage: Any, tenant: str) -> Iterator[str]:
    try:
        folders, _ = storage.listdir(tenant)
    except FileNotFoundError:
        return
    for folder in sorted(folders):
        _, files = storage.listdir(f"{tenant}/{folder}")
        for file in sorted(files):
            if not file.endswith(COMING):
                yield f"{tenant}/{folder}/{file}"


COMING = ".coming"
"""The end of a name under which an object is written that comes home."""


def fetch_home(tenant: str) -> int:
    """Bring every object of a tenant from the bucket to this machine; return how many.

    Each is whole here before it goes there, so a reader finds it at every moment. Safe to repeat.
    """
    if not has_bucket():
        return 0
    outside, home, many = storages["objects"], storages[HOME], 0
    for name in list(_names_in(outside, tenant)):
        if not home.exists(name):
            with suppress(FileNotFoundError):
                Path(home.path(f"{name}{COMING}")).unlink()
            with outside.open(name, "rb") as content:
                coming = home.save(f"{name}{COMING}", File(content, name=name))
            Path(home.path(coming)).rename(home.path(name))
        outside.delete(name)
        many += 1
    return many
