"""What a demand to stop or to delete means for contracts, told before it is filed.

Rooms that hold contracts say which cannot go on without the data, and where staff decide about
them; nothing ends by the demand itself. Only where the policy lets it (``[on_erasure]``).
Clause: ekool-7.6.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from skola.ground.people.api import Person
from skola.promises.policy.api import in_force
from skola.promises.rights.models import RightsRequest

Kind = RightsRequest.Kind
DEMANDS = frozenset({Kind.ERASURE, Kind.RESTRICTION, Kind.STOP})
"""What is asked of which contracts can fall."""


@dataclass(frozen=True)
class Consequence:
    """A contract or an access, and what becomes of it."""

    what: str
    function: str
    """Which function closes with it; empty for none."""
    why: str
    ends: bool
    """Whether it cannot reasonably go on; else it stays."""


Tell = Callable[[Person, datetime], Sequence[Consequence]]
_TELLING: list[tuple[Tell, Callable[[UUID], str]]] = []


def tells(tell: Tell, *, decided_at: Callable[[UUID], str]) -> None:
    """Let a room tell what becomes of contracts; ``decided_at`` is its page for a request."""
    _TELLING.append((tell, decided_at))


def consequences(person: Person, now: datetime) -> list[Consequence]:
    """Return what a demand of somebody would mean, what cannot go on first."""
    rule = in_force(now).policy.on_erasure
    if rule is None or not rule.may_terminate_contract:
        return []
    found = [one for tell, _page in _TELLING for one in tell(person, now)]
    return sorted(found, key=lambda one: not one.ends)


def falling(person: Person, now: datetime) -> bool:
    """Whether a contract of somebody cannot go on, so that staff decide about it first."""
    return any(one.ends for one in consequences(person, now))


def pages(asked: RightsRequest, now: datetime) -> list[str]:
    """Return where staff decide about the contracts that a demand concerns."""
    if asked.kind not in DEMANDS or not falling(asked.person, now):
        return []
    return [page(asked.pk) for _tell, page in _TELLING]
