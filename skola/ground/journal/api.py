"""The door of ``journal``."""

from skola.ground.journal.actions import (
    NoTransactionError,
    book,
    forget_before,
    forget_positions,
    silent,
    write,
)
from skola.ground.journal.book import Book, MissingError
from skola.ground.journal.gate import Behind, ClosedError, Watch, bind, compare, demand_open
from skola.ground.journal.registry import Repeat, UnknownKindError, replays
from skola.ground.journal.repeating import Repeated, repeat
from skola.ground.journal.rules import KINDS, TamperedError

__all__ = [
    "KINDS",
    "Behind",
    "Book",
    "ClosedError",
    "MissingError",
    "NoTransactionError",
    "Repeat",
    "Repeated",
    "TamperedError",
    "UnknownKindError",
    "Watch",
    "bind",
    "book",
    "compare",
    "demand_open",
    "forget_before",
    "forget_positions",
    "repeat",
    "replays",
    "silent",
    "write",
]
