"""Digests of addresses, and the sealed words of who has not confirmed yet.

Both need a key of the tenant that is derived from the installation's: who has the database alone
can try no address.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from skola.ground.files.api import key_for
from skola.ground.tenants.api import current_id

CONFIRM_WITHIN = 7 * 24 * 60 * 60
"""Seconds in which a subscription is confirmed; nothing is kept of one that is not."""


class StaleError(Exception):
    """A link to confirm that is not ours, or too old."""


def digest(address: str) -> str:
    """Return how the speaking tenant remembers an address that wants no more of something.

    E-mail addresses are compared without regard to capitals, phone numbers by their digits.
    """
    key = key_for(current_id(), "suppression")
    return hmac.new(key, plain(address).encode(), hashlib.sha256).hexdigest()


def plain(address: str) -> str:
    """Return an address as it is compared."""
    if "@" in address:
        return address.strip().lower()
    digits = "".join(one for one in address if one.isdigit())
    return digits.removeprefix("00")


def seal(said: dict[str, Any], *, now: datetime) -> str:
    """Return words as a link carries them: nobody but this tenant reads them."""
    told = json.dumps(said, separators=(",", ":")).encode()
    return _box().encrypt_at_time(told, int(now.timestamp())).decode()


def unseal(token: str, *, now: datetime) -> dict[str, Any]:
    """Return what was sealed. Raises StaleError."""
    try:
        told = _box().decrypt_at_time(token.encode(), CONFIRM_WITHIN, int(now.timestamp()))
    except InvalidToken:
        raise StaleError from None
    found: dict[str, Any] = json.loads(told)
    return found


def _box() -> Fernet:
    return Fernet(urlsafe_b64encode(key_for(current_id(), "subscriptions")))
