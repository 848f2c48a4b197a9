"""Keys: one per object, wrapped by one per tenant, which is derived from the installation's.

The installation's key lies in ``SKOLA_DATA/keys`` and belongs in no backup of the database or of
the objects. Without it no object can be read. It can be rotated: a fresh one seals what comes from
then on, those before stay beside it and open what they sealed. Digests stay under the first one,
for nothing would be found again by another. See ``docs/explanation/files-and-keys.md``.

A tenant that was handed over from another installation brings the keys that were derived there for
it alone: they open what was sealed there, and its digests go on under them.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32
_NONCE = 12
USES = ("push", "subscriptions", "suppression")
"""What ``key_for`` makes keys for; a hand-over takes each along."""


class KeyLostError(Exception):
    """The key-encryption key that wrapped an object's key is not the one in the data folder."""


def key_file() -> Path:
    """Return where the installation's key lies."""
    return Path(settings.DATA) / "keys" / "key-encryption-key"


def digest_file() -> Path:
    """Return where the key of digests lies once the installation's has been rotated."""
    return key_file().with_name("digest-key")


def _put(file: Path, key: bytes, *, instead: bool = False) -> None:
    """Write a key whole or not at all; one that is there stays, but for ``instead``."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{secrets.token_hex(8)}")
    fresh.touch(0o600)
    fresh.write_bytes(key)
    if instead:
        fresh.replace(file)
        return
    try:
        os.link(fresh, file)  # of two processes that begin together, one wins
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _installation_key() -> bytes:
    file = key_file()
    if not file.exists():
        _put(file, secrets.token_bytes(KEY_BYTES))
    return _read(file)


def _read(file: Path) -> bytes:
    found = file.read_bytes()
    if len(found) != KEY_BYTES:
        raise KeyLostError(
            f"{file} holds {len(found)} bytes instead of {KEY_BYTES}: restore the file."
        )
    return found


def _all_keys() -> Iterator[bytes]:
    """Give the installation's key, then those before it."""
    yield _installation_key()
    for file in sorted(key_file().parent.glob(f"{key_file().name}.*")):
        yield _read(file)


def _first_key() -> bytes:
    """Return the key of what has to come out the same for ever."""
    return _read(digest_file()) if digest_file().exists() else _installation_key()


def key_name() -> str:
    """Return the name of the installation's key: a digest that tells two of them apart."""
    return _name_of(_installation_key())


def _name_of(key: bytes) -> str:
    return hashlib.sha256(b"skola key name" + key).hexdigest()[:16]


def rotate() -> str:
    """Let a fresh key seal what comes from now on, keep the one before, and return the new name.

    The old one is kept before the new one takes its place, so that at no moment one is lost.
    """
    old = _installation_key()
    _put(digest_file(), old)
    _put(key_file().with_name(f"{key_file().name}.{_name_of(old)}"), old)
    _put(key_file(), secrets.token_bytes(KEY_BYTES), instead=True)
    return key_name()


def _derived(key: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(key)


def _sealed(content: bytes, bound: bytes, info: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    cipher = AESGCM(_derived(_installation_key(), info))
    return nonce + cipher.encrypt(nonce, content, bound)


def _opened(sealed: bytes, bound: bytes, keys: Iterable[bytes]) -> bytes | None:
    """Return what was sealed by any of these keys, or None where it was by none."""
    for key in keys:
        cipher = AESGCM(key)
        try:
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
        except InvalidTag:
            continue
    return None


def key_for(tenant: UUID, use: str) -> bytes:
    """Return a key of a tenant for another use than files: for digests that only this place makes.

    It is derived from the installation's key and lies nowhere, unless it came with the tenant.
    Raises ValueError for a use that is not one of ``USES``.
    """
    if use not in USES:
        raise ValueError(f"{use!r} is none of {USES}: enter it there, so that it moves, too.")
    brought = _brought(tenant)
    if brought is not None:
        return bytes.fromhex(brought.uses[use])
    return _derived(_first_key(), b"skola use " + use.encode() + b" " + tenant.bytes)


def fresh_key() -> bytes:
    """Return a key for one new object."""
    return secrets.token_bytes(KEY_BYTES)


def part_key(key: bytes, name: str) -> bytes:
    """Return the key of one part of a file that grows: derived, for a key seals one object only."""
    return _derived(key, b"skola part " + name.encode())


def wrap(key: bytes, *, tenant: UUID, file: UUID) -> bytes:
    """Return an object's key, wrapped for this tenant and bound to this file."""
    return _sealed(key, file.bytes, b"skola objects " + tenant.bytes)


def unwrap(wrapped: bytes, *, tenant: UUID, file: UUID, named: str) -> bytes:
    """Return an object's key. Raises KeyLostError where it was wrapped by a key we do not have."""
    info = b"skola objects " + tenant.bytes
    key = _opened(wrapped, file.bytes, (_derived(one, info) for one in _all_keys()))
    if key is None:
        raise KeyLostError(
            f"The file {file} was stored under the key {named}; {key_file()} holds {key_name()}."
            " Restore the file of that key."
        )
    return key


def seal_text(text: str, *, tenant: UUID, row: UUID) -> bytes:
    """Return a short text as nobody reads it without the installation's key, bound to its row."""
    return _sealed(text.encode(), row.bytes, b"skola texts " + tenant.bytes)


def open_text(sealed: bytes, *, tenant: UUID, row: UUID) -> str:
    """Return a text that was sealed. Raises KeyLostError under another key or for another row."""
    text = _opened(sealed, row.bytes, _text_keys(tenant))
    if text is None:
        raise KeyLostError(f"A text was sealed under another key than {key_name()}.")
    return text.decode()


def text_digest(text: str, *, tenant: UUID) -> str:
    """Return by what a sealed text is found again; without the key it tells nothing."""
    return hmac.new(_digest_key(tenant), text.encode(), hashlib.sha256).hexdigest()


def _text_keys(tenant: UUID) -> Iterator[bytes]:
    """Give what opens the texts of a tenant: our own keys, then those that came with it."""
    for key in _all_keys():
        yield _derived(key, b"skola texts " + tenant.bytes)
    brought = _brought(tenant)
    for told in brought.texts if brought is not None else ():
        yield bytes.fromhex(told)


def _digest_key(tenant: UUID) -> bytes:
    brought = _brought(tenant)
    if brought is not None:
        return bytes.fromhex(brought.digests)
    return _derived(_first_key(), b"skola digests " + tenant.bytes)


@dataclass(frozen=True)
class Brought:
    """The keys that were derived for one tenant alone, in hexadecimal, to go along with it."""

    texts: tuple[str, ...]
    """Each opens what was sealed by it."""
    digests: str
    uses: dict[str, str]


def keys_along(tenant: UUID) -> Brought:
    """Return what opens the sealed texts of a tenant elsewhere, and makes its digests there.

    Nothing leads from these keys to those of the installation or of another tenant.
    """
    return Brought(
        texts=tuple(one.hex() for one in _text_keys(tenant)),
        digests=_digest_key(tenant).hex(),
        uses={use: key_for(tenant, use).hex() for use in USES},
    )


def take_keys(tenant: UUID, told: Brought) -> None:
    """Keep the keys that came with a tenant, in the place of any that came before.

    Raises KeyLostError where one is missing or has another length; nothing is kept then.
    """
    lacking = set(USES) - set(told.uses)
    all_told = [*told.texts, told.digests, *told.uses.values()]
    if lacking or any(len(one) != 2 * KEY_BYTES for one in all_told):
        raise KeyLostError(f"The keys that came with the tenant {tenant} are not whole.")
    _put(brought_file(tenant), json.dumps(asdict(told)).encode(), instead=True)


def forget_keys(tenant: UUID) -> None:
    """Destroy the keys that came with a tenant, where some did."""
    brought_file(tenant).unlink(missing_ok=True)


def brought_file(tenant: UUID) -> Path:
    """Return where the keys lie that came with a tenant from another installation."""
    return key_file().parent / "brought" / str(tenant)


def _brought(tenant: UUID) -> Brought | None:
    try:
        said = json.loads(brought_file(tenant).read_bytes())
    except FileNotFoundError:
        return None
    return Brought(tuple(said["texts"]), said["digests"], said["uses"])
