"""Who repeats which kind of event after a restore."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from skola.ground.journal.rules import KINDS

Repeat = Callable[[UUID | None, datetime, dict[str, str]], None]
AnyRepeat = TypeVar("AnyRepeat", bound=Repeat)

_repeats: dict[str, list[Repeat]] = {}


class UnknownKindError(ValueError):
    """A kind of event that the journal does not have, or that nobody repeats."""


def replays(kind: str) -> Callable[[AnyRepeat], AnyRepeat]:
    """Register what repeats events of ``kind`` after a restore: ``(subject, at, detail) -> None``.

    It runs inside the event's tenant and a transaction, may run twice, and is left out where the
    event's subject is not in the restored database. What it records is not journalled again. Where
    two rooms register for one kind, both are called. Raises UnknownKindError.
    """
    require_known(kind)

    def register(function: AnyRepeat) -> AnyRepeat:
        known = _repeats.setdefault(kind, [])
        if function not in known:
            known.append(function)
        return function

    return register


def require_known(kind: str) -> None:
    """Raise UnknownKindError unless the journal has this kind."""
    if kind not in KINDS:
        raise UnknownKindError(f"{kind!r} is no kind of event; there are {', '.join(KINDS)}.")


def repeats_of(kind: str) -> list[Repeat]:
    """Return what repeats events of this kind. Raises UnknownKindError where nothing does."""
    found = _repeats.get(kind)
    if not found:
        raise UnknownKindError(f"No room repeats {kind!r}: register it with journal.replays.")
    return found
