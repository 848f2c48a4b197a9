"""The keys with which a tenant signs: files of the installation's key folder, one for each use.

They belong in no backup of the database. A log goes on under the key it began with, or under one to
which that was handed over.
"""

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from skola.ground.audit.note import Signer


class LogKeyError(Exception):
    """The key in the data folder is not the one that signs the log."""


LOG = "audit"
_BROUGHT = "brought"
"""Keys of texts and digests, which the room of files keeps."""


def key_file(tenant: UUID, use: str = LOG) -> Path:
    """Return where a key of a tenant lies: that of its log, or that for another use."""
    return Path(settings.DATA) / "keys" / use / str(tenant)


def signer_of_log(tenant: UUID, name: str) -> Signer | None:
    """Return the key that lies where that of the log has to lie; None where there is none.

    Raises LogKeyError where the file holds no key.
    """
    file = key_file(tenant)
    return _read(file, name) if file.exists() else None


def signer(tenant: UUID, name: str, use: str = LOG) -> Signer:
    """Return a key of a tenant under this name, making one where there is none.

    Raises LogKeyError where the file holds no key.
    """
    return _read(key_file(tenant, use), name)


def secret(tenant: UUID, use: str, fresh: Callable[[], bytes]) -> bytes:
    """Return the secret of a tenant for another use, which ``fresh`` makes where there is none."""
    file = key_file(tenant, use)
    if not file.exists():
        _make(file, fresh)
    return file.read_bytes()


def secrets_of(tenant: UUID) -> dict[str, bytes]:
    """Return the secrets of a tenant by their use, all but the key of its log, to go along."""
    folder = Path(settings.DATA) / "keys"
    found = {file.parent.name: file for file in folder.glob(f"*/{tenant}")}
    return {
        use: file.read_bytes() for use, file in sorted(found.items()) if use not in (LOG, _BROUGHT)
    }


def put_secret(tenant: UUID, use: str, content: bytes) -> None:
    """Keep a secret that came with a tenant, in place of what a killed try left."""
    file = key_file(tenant, use)
    file.unlink(missing_ok=True)
    _make(file, lambda: content)


def drop_secret(tenant: UUID, use: str) -> None:
    """Destroy a secret of a tenant; nothing happens where there is none."""
    key_file(tenant, use).unlink(missing_ok=True)


def next_signer(tenant: UUID, name: str) -> Signer:
    """Return the key that is to sign the log of a tenant next, making it where there is none."""
    return _read(_next_file(tenant), name)


def has_next(tenant: UUID) -> bool:
    """Say whether there is a key that is to sign next."""
    return _next_file(tenant).exists()


def take_next(tenant: UUID) -> None:
    """Put the next key in the place of the present one, which is gone with that."""
    file = key_file(tenant)
    _next_file(tenant).replace(file)
    held = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _next_file(tenant: UUID) -> Path:
    return key_file(tenant).with_name(f"{tenant}.next")


def _read(file: Path, name: str) -> Signer:
    if not file.exists():
        _make(file, lambda: Ed25519PrivateKey.generate().private_bytes_raw())
    found = file.read_bytes()
    if len(found) != 32:
        raise LogKeyError(f"{file} holds {len(found)} bytes instead of 32: restore the file.")
    return Signer(name, Ed25519PrivateKey.from_private_bytes(found))


def _make(file: Path, fresh_key: Callable[[], bytes]) -> None:
    for folder in (file.parent.parent, file.parent):  # the mode is for the last one only
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{secrets.token_hex(8)}")
    fresh.touch(0o600)
    try:
        with fresh.open("wb") as opened:
            opened.write(fresh_key())
            opened.flush()
            os.fsync(opened.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)  # of two processes that begin together, one wins
    finally:
        fresh.unlink()
