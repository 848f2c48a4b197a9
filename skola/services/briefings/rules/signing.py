"""Who may sign a record, and what a signature says."""

import hashlib
import json
from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Any

SIGNATURE = "skola-signature/1"
EVIDENCE = "skola-evidence/1"
"""First lines of the notes under which signatures and evidence files are sealed."""


class Side(StrEnum):
    """Who signs: the one who is briefed, and the one who briefs."""

    INSTRUCTED = "instructed"
    INSTRUCTOR = "instructor"


class Way(StrEnum):
    """How a record is signed, by both sides alike."""

    SIMPLE = "simple"
    """Under the written agreement of who signs."""
    PADES = "pades"
    """With certificates, in one PDF that both sign."""


class Refusal(StrEnum):
    """Why somebody cannot sign."""

    NONE = ""
    NO_AGREEMENT = "no-agreement"
    SIGNED = "signed"
    SAME_PERSON = "same-person"
    OTHER_VERSION = "other-version"
    OTHER_WAY = "other-way"
    NO_PROVIDER = "no-provider"
    UNKNOWN = "unknown"
    NOT_CONFIRMED = "not-confirmed"
    UNREACHABLE = "unreachable"
    EXPIRED = "expired"
    REVOKED = "revoked"
    FOREIGN = "foreign"
    UNFIT = "unfit"
    UNCERTAIN = "uncertain"
    BROKEN = "broken"
    SOMEBODY_ELSE = "somebody-else"
    MEANWHILE = "meanwhile"


def refusal(
    side: Side,
    *,
    signed: Collection[str],
    has_agreement: bool,
    is_instructed: bool,
    is_newest: bool,
    way: Way = Way.SIMPLE,
    begun: str = "",
) -> Refusal:
    """Return why a side cannot sign a record of today, or NONE.

    ``signed`` are the sides that have signed it, ``begun`` the way in which they did. A simple
    signature needs the written agreement of who signs, one with a certificate does not; both sides
    sign in one way; one person is never both sides; only the newest version of a text is signed.
    Source: ema-2.1.8.
    """
    if not is_newest:
        return Refusal.OTHER_VERSION
    if side in signed:
        return Refusal.SIGNED
    if is_instructed != (side is Side.INSTRUCTED):
        return Refusal.SAME_PERSON
    if signed and begun and begun != way:
        return Refusal.OTHER_WAY
    return Refusal.NONE if has_agreement or way is Way.PADES else Refusal.NO_AGREEMENT


def is_missing_a_half(signed: Collection[str], *, day: date, today: date) -> bool:
    """Whether a record will never be whole: one side signed, and its day is over."""
    return len(set(signed)) == 1 and day < today


def canonical(facts: Any) -> str:
    """Return facts as JSON that is the same wherever it is made: sorted, without spaces."""
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(facts: Any) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def note_of(first: str, line: str) -> str:
    """Return the text that is sealed: what it is, then one line."""
    return f"{first}\n{line}\n"
