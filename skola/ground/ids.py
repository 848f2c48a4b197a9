"""Identifiers: UUID version 7 (RFC 9562), ordered by time and not to be guessed."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """Return a fresh UUIDv7: 48 bits of milliseconds since 1970, then 74 random bits."""
    millis = time.time_ns() // 1_000_000
    value = (millis << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)
