"""Keys: one per object, wrapped by one per tenant, which is derived from the installation's.

The installation's key lies in ``SKOLA_DATA/keys`` and belongs in no backup of the database or of
the objects. Without it no object can be read. See ``docs/explanation/files-and-keys.md``.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32
_NONCE = 12


class KeyLostError(Exception):
    """The key-encryption key that wrapped an object's key is not the one in the data folder."""


def key_file() -> Path:
    """Return where the installation's key lies."""
    return Path(settings.DATA) / "keys" / "key-encryption-key"


def _installation_key() -> bytes:
    file = key_file()
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_name(f".{secrets.token_hex(8)}")
        fresh.touch(0o600)
        fresh.write_bytes(secrets.token_bytes(KEY_BYTES))
        try:
            os.link(fresh, file)  # of two processes that begin together, one wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    found = file.read_bytes()
    if len(found) != KEY_BYTES:
        raise KeyLostError(
            f"{file} holds {len(found)} bytes instead of {KEY_BYTES}: restore the file."
        )
    return found


def key_name() -> str:
    """Return the name of the installation's key: a digest that tells two of them apart."""
    return hashlib.sha256(b"skola key name" + _installation_key()).hexdigest()[:16]


def key_for(tenant: UUID, use: str) -> bytes:
    """Return a key of a tenant for another use than files: for digests that only this place makes.

    It is derived from the installation's key and lies nowhere.
    """
    info = b"skola use " + use.encode() + b" " + tenant.bytes
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(_installation_key())


def _tenant_key(tenant: UUID) -> bytes:
    derive = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"skola objects " + tenant.bytes)
    return derive.derive(_installation_key())


def fresh_key() -> bytes:
    """Return a key for one new object."""
    return secrets.token_bytes(KEY_BYTES)


def part_key(key: bytes, name: str) -> bytes:
    """Return the key of one part of a file that grows: derived, for a key seals one object only."""
    info = b"skola part " + name.encode()
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(key)


def wrap(key: bytes, *, tenant: UUID, file: UUID) -> bytes:
    """Return an object's key, wrapped for this tenant and bound to this file."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_tenant_key(tenant)).encrypt(nonce, key, file.bytes)


def unwrap(wrapped: bytes, *, tenant: UUID, file: UUID, named: str) -> bytes:
    """Return an object's key. Raises KeyLostError where it was wrapped by a key we do not have."""
    try:
        cipher = AESGCM(_tenant_key(tenant))
        return cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], file.bytes)
    except InvalidTag:
        raise KeyLostError(
            f"The file {file} was stored under the key {named}; {key_file()} holds {key_name()}."
            " Restore the file of that key."
        ) from None


def _text_key(tenant: UUID, use: bytes) -> bytes:
    derive = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"skola " + use + tenant.bytes)
    return derive.derive(_installation_key())


def seal_text(text: str, *, tenant: UUID, row: UUID) -> bytes:
    """Return a short text as nobody reads it without the installation's key, bound to its row."""
    nonce = secrets.token_bytes(_NONCE)
    cipher = AESGCM(_text_key(tenant, b"texts "))
    return nonce + cipher.encrypt(nonce, text.encode(), row.bytes)


def open_text(sealed: bytes, *, tenant: UUID, row: UUID) -> str:
    """Return a text that was sealed. Raises KeyLostError under another key or for another row."""
    cipher = AESGCM(_text_key(tenant, b"texts "))
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], row.bytes).decode()
    except InvalidTag:
        raise KeyLostError(f"A text was sealed under another key than {key_name()}.") from None


def text_digest(text: str, *, tenant: UUID) -> str:
    """Return by what a sealed text is found again; without the key it tells nothing."""
    return hmac.new(_text_key(tenant, b"digests "), text.encode(), hashlib.sha256).hexdigest()
