"""Where objects lie: a folder on this machine, or a bucket that speaks S3; see the settings."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import storages


def _storage() -> Any:
    return storages["objects"]


def put(name: str, content: IO[bytes]) -> None:
    """Store an object under exactly this name. What could not be stored whole is taken away."""
    try:
        kept = _storage().save(name, File(content, name=name))
    except OSError:
        with suppress(OSError):
            delete(name)
        raise
    if kept != name:
        _storage().delete(kept)
        raise FileExistsError(f"There is an object {name} already.")


def reader(name: str) -> Callable[[int, int], bytes]:
    """Return a function that reads ``length`` bytes of the object from ``start``.

    It opens the object at each call, so nothing stays open between the pieces of a slow download.
    """
    storage = _storage()
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
    found: IO[bytes] = _storage().open(name, "rb")
    return found


def delete(name: str) -> None:
    """Delete an object; nothing happens when it is gone already."""
    _storage().delete(name)


def exists(name: str) -> bool:
    """Whether there is an object of this name."""
    return bool(_storage().exists(name))


def changed_at(name: str) -> datetime:
    """Return when the object was stored, by the clock of the storage."""
    found: datetime = _storage().get_modified_time(name)
    return found


def names_of(tenant: str) -> Iterator[str]:
    """Yield the names of all objects of a tenant."""
    storage = _storage()
    try:
        folders, _ = storage.listdir(tenant)
    except FileNotFoundError:
        return
    for folder in sorted(folders):
        _, files = storage.listdir(f"{tenant}/{folder}")
        for file in sorted(files):
            yield f"{tenant}/{folder}/{file}"
