"""Who takes letters: rooms register here, and the first that wants a letter gets it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from skola.promises.intake.rules import Letter


@dataclass(frozen=True)
class Arriving:
    """A letter at one of the tenant's addresses."""

    letter: Letter
    address: str
    kinds: frozenset[str]
    """What the policy names the address for: ``data-protection``, ``support``, ``general`` …"""


Wants = Callable[[Arriving, datetime], bool]
Takes = Callable[[Arriving, datetime], None]
_offices: dict[str, tuple[int, Wants, Takes]] = {}


def office(name: str, *, order: int, wants: Wants, takes: Takes) -> None:
    """Let a room take letters. The lowest ``order`` is asked first; a name stands for itself once.

    ``takes`` runs inside the tenant and the transaction in which the letter is marked as taken.
    """
    _offices[name] = (order, wants, takes)


def who_wants(arriving: Arriving, now: datetime) -> Takes | None:
    """Return who takes a letter; None where nobody wants it."""
    for _order, wants, takes in sorted(_offices.values(), key=lambda one: one[0]):
        if wants(arriving, now):
            return takes
    return None
