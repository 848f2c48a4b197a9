"""The form of the journal's lines: JSON, numbered, each bound to the one before by a digest."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

KINDS = (
    "consent.withdrawn",
    "erasure.granted",
    "handover.erased",
    "hold.off",
    "hold.on",
    "key.destroyed",
    "objection",
    "rectification",
    "restriction.off",
    "restriction.on",
)
"""What is written down. What the clocks erase is not: after a restore they erase it again."""

End = Literal["granted", "void"]


class TamperedError(Exception):
    """A line or a file of the journal is not what was written; the message names it."""


@dataclass(frozen=True)
class Event:
    """A decision about a person, about to be committed."""

    tenant: UUID
    at: datetime
    kind: str
    subject: str
    """A digest of the person's id under the journal's key; empty where it concerns nobody."""
    detail: dict[str, str] = field(default_factory=dict)
    where: str = ""
    """Which database, and which of its transactions: ``DATABASE/TIMELINE/TRANSACTION``."""


@dataclass(frozen=True)
class Ending:
    """How the transaction of an event ended: ``granted`` when it was committed, else ``void``."""

    of: int
    end: End


@dataclass(frozen=True)
class Line:
    """One line of the journal."""

    number: int
    mac: str
    told: Event | Ending

    @property
    def words(self) -> str:
        """What the line is about, for who runs the installation."""
        if isinstance(self.told, Ending):
            return f"{self.told.end}, of {self.told.of}"
        return f"{self.told.kind} at {self.told.at:%Y-%m-%d %H:%M:%S %Z}"


def digest_of_subject(key: bytes, subject: UUID) -> str:
    """Return the name under which the journal knows a person."""
    return hmac.new(key, b"subject" + subject.bytes, hashlib.sha256).hexdigest()


def write_line(key: bytes, number: int, before: str, told: Event | Ending) -> Line:
    """Return the line that follows the one whose digest is ``before``."""
    mac = hmac.new(key, f"line{before}{_body(number, told)}".encode(), hashlib.sha256)
    return Line(number, mac.hexdigest(), told)


def as_text(line: Line) -> str:
    """Return the line as it stands in the file, with its end."""
    return f'{_body(line.number, line.told)[:-1]},"mac":"{line.mac}"}}\n'


def read_line(key: bytes, text: str, *, number: int, before: str, where: str) -> Line:
    """Read what must be line ``number`` after the one with digest ``before``.

    Raises TamperedError, which calls the line ``where``.
    """
    try:
        found = json.loads(text)
        told: Event | Ending
        if "of" in found:
            told = Ending(of=found["of"], end=found["end"])
        else:
            told = Event(
                tenant=UUID(found["tenant"]),
                at=datetime.fromisoformat(found["at"]),
                kind=found["kind"],
                subject=found["subject"],
                detail=found["detail"],
                where=found["where"],
            )
        said = found["n"]
    except (ValueError, KeyError, TypeError) as problem:
        raise TamperedError(f"{where} is no line of the journal.") from problem
    if said != number:
        raise TamperedError(f"{where} has number {said} where {number} must follow.")
    line = write_line(key, number, before, told)
    if not hmac.compare_digest(as_text(line).encode(), f"{text}\n".encode()):
        raise TamperedError(f"{where} (number {number}) was changed, or the line before it was.")
    return line


def _body(number: int, told: Event | Ending) -> str:
    said: dict[str, Any] = {"n": number}
    if isinstance(told, Ending):
        said |= {"of": told.of, "end": told.end}
    else:
        said |= {
            "tenant": str(told.tenant),
            "at": told.at.isoformat(),
            "kind": told.kind,
            "subject": told.subject,
            "detail": told.detail,
            "where": told.where,
        }
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def head_mac(key: bytes, words: str) -> str:
    """Return the digest that binds the journal's head: its name, and where its lines begin."""
    return hmac.new(key, f"head{words}".encode(), hashlib.sha256).hexdigest()
