"""The code on the wall with which participants sign: it changes, and belongs to one meeting."""

from base64 import b32encode
from datetime import datetime
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

from skola.services.groups.rules import window_of, windows_accepted

LETTERS = 8
_SALT = "groups.attendance"


def code_of(meeting: UUID, now: datetime) -> str:
    """Return the code that the wall shows now: eight letters and digits, for this meeting only."""
    return _code(meeting, window_of(now))


def _code(meeting: UUID, window: int) -> str:
    seal = salted_hmac(_SALT, f"{meeting}:{window}", algorithm="sha256").digest()
    return b32encode(seal)[:LETTERS].decode()


def is_current(meeting: UUID, told: str, now: datetime) -> bool:
    """Whether a code was on the wall of this meeting within the last minute and a half."""
    plain = "".join(told.split()).replace("-", "").upper()
    found = False
    for window in windows_accepted(now):
        found |= constant_time_compare(_code(meeting, window), plain)
    return found
