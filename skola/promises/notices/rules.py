"""What a mark is, which marks belong to a paragraph, and what they amount to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

Fact = str | int | datetime | tuple[str, ...]


class State(StrEnum):
    """What is known of a promise, worst first."""

    BROKEN = "broken"
    STALE = "stale"
    UNCHECKED = "unchecked"
    KEPT = "kept"
    STATEMENT = "statement"


SHAPES = {
    State.BROKEN: "broken",
    State.STALE: "waiting",
    State.UNCHECKED: "waiting",
    State.KEPT: "ok",
    State.STATEMENT: "neutral",
}
"""The shape that goes with each state: a state is a word and a shape, never a colour alone."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Whether one rule of the policy is kept, and how that is known."""

    state: State
    rule: str
    """The path of the rule: ``retention.calls``, ``change``."""
    clauses: tuple[str, ...]
    words: str
    """The finding in English, ``%(name)s`` for facts; translated where it is shown."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    checked_at: datetime | None = None
    covered: int | None = None
    """How many records the check covered."""
    oldest: datetime | None = None
    """Since when the oldest of them is held."""
    next_due: datetime | None = None
    """When the next of them goes."""
    also: tuple[str, ...] = ()
    """Other paths under which the policy's words may refer to the same rule."""

    @property
    def table(self) -> str:
        """The kind of rule, ``retention``."""
        return self.rule.partition(".")[0]

    @property
    def shape(self) -> str:
        """The icon of the state."""
        return SHAPES[self.state]


@dataclass(frozen=True, slots=True)
class Tally:
    """All marks of a service in a few numbers."""

    kept: int
    broken: int
    unchecked: int
    statements: int
    checked_at: datetime | None
    """None where nothing was looked at yet."""
    stale: int = 0

    @property
    def checked(self) -> int:
        """How many promises were looked at."""
        return self.kept + self.broken


def aged(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return marks that are too old: what was kept then may not be now; what was broken stays."""
    return tuple(
        replace(mark, state=State.STALE) if mark.state is State.KEPT else mark for mark in marks
    )


def tally(marks: Iterable[Mark], *, at: datetime | None) -> Tally:
    """Count marks by state; ``at`` is when they were made."""
    states = [mark.state for mark in marks]
    return Tally(
        kept=states.count(State.KEPT),
        broken=states.count(State.BROKEN),
        unchecked=states.count(State.UNCHECKED),
        statements=states.count(State.STATEMENT),
        checked_at=at,
        stale=states.count(State.STALE),
    )


def marks_of(
    clauses: Sequence[str], rules: Sequence[str], marks: Iterable[Mark]
) -> tuple[Mark, ...]:
    """Return the marks that concern a paragraph: broken ones first, then those known to be kept.

    A rule belongs to it when they share a clause, or when its words refer to the rule.
    """
    named = set(clauses)
    found = [
        mark
        for mark in marks
        if named.intersection(mark.clauses)
        or any(_refers(path, name) for path in rules for name in (mark.rule, *mark.also))
    ]
    order = (State.BROKEN, State.STALE, State.KEPT, State.UNCHECKED, State.STATEMENT)
    return tuple(sorted(found, key=lambda mark: (order.index(mark.state), mark.rule)))


def _refers(path: str, rule: str) -> bool:
    return path == rule or path.startswith(f"{rule}.")


def state_of(marks: Sequence[Mark]) -> State:
    """What several marks amount to: broken if one is, else kept if one is known to be."""
    states = {mark.state for mark in marks}
    for state in (State.BROKEN, State.STALE, State.KEPT, State.UNCHECKED):
        if state in states:
            return state
    return State.STATEMENT


def anchor(paragraph: str) -> str:
    """Return the anchor of a paragraph: ``p20`` for a number, ``p-change`` for a word."""
    return f"p{paragraph}" if paragraph[:1].isdigit() else f"p-{paragraph}"


def youngest_birthday(today: date, age: int) -> date:
    """Return the latest day of birth of somebody who is ``age`` years old on ``today``."""
    year = today.year - age
    try:
        return today.replace(year=year)
    except ValueError:  # 29 February: in another year the birthday is counted on 1 March
        return date(year, 2, 28)
