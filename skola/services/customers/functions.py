"""Functions that a catalogue can sell. A room says here what it can close, and asks before it
opens it; whether it is sold at all, each tenant's catalogue tells.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Function:
    """Something of the service that can be an extra."""

    id: str
    word: Callable[[], str]
    """What it is called."""


_KNOWN: dict[str, Function] = {}


def register(function: Function) -> None:
    """Let a catalogue sell a function."""
    _KNOWN[function.id] = function


def known() -> tuple[Function, ...]:
    """Return every function that can be sold."""
    return tuple(_KNOWN.values())


def word_of(function: str) -> str:
    """Return what a function is called; empty for none."""
    found = _KNOWN.get(function)
    return found.word() if found else ""
