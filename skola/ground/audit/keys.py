"""The keys with which a tenant signs: files of the installation's key folder, one for each use.

They belong in no backup of the database. A log goes on under the key it began with.
"""

import contextlib
import os
import secrets
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from skola.ground.audit.note import Signer


class LogKeyError(Exception):
    """The key in the data folder is not the one that the log began with."""


LOG = "audit"


def key_file(tenant: UUID, use: str = LOG) -> Path:
    """Return where a key of a tenant lies: that of its log, or that for another use."""
    return Path(settings.DATA) / "keys" / use / str(tenant)


def signer(tenant: UUID, name: str, use: str = LOG) -> Signer:
    """Return a key of a tenant under this name, making one where there is none.

    Raises LogKeyError where the file holds no key.
    """
    file = key_file(tenant, use)
    if not file.exists():
        _make(file)
    found = file.read_bytes()
    if len(found) != 32:
        raise LogKeyError(f"{file} holds {len(found)} bytes instead of 32: restore the file.")
    return Signer(name, Ed25519PrivateKey.from_private_bytes(found))


def _make(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{secrets.token_hex(8)}")
    fresh.touch(0o600)
    try:
        with fresh.open("wb") as opened:
            opened.write(Ed25519PrivateKey.generate().private_bytes_raw())
            opened.flush()
            os.fsync(opened.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)  # of two processes that begin together, one wins
    finally:
        fresh.unlink()
