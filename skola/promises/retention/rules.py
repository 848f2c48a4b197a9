"""The formal model: floors keep a part, ceilings end it, and this decides between them.

Moments are aware. ``NEVER`` stands for plus infinity, ``LONG_AGO`` for minus infinity. The model is
written out in ``docs/explanation/retention.md``, with the laws that the tests hold it to.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from itertools import pairwise

NEVER = datetime(9999, 12, 30, tzinfo=UTC)
"""No ceiling runs: the part stays until a fact changes that."""
GONE = datetime(9999, 12, 31, tzinfo=UTC)
"""Stored instead of a due date when the part is gone and its row is still needed."""
ANONYMOUS = datetime(9999, 12, 31, 12, tzinfo=UTC)
"""Stored when the row has stayed and nothing in it leads to the person any more."""
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class FloorClass(StrEnum):
    """How strong a reason to keep is. Every ceiling gives way to ``hard``."""

    HARD = "hard"
    CONTEST = "contest"
    CLAIM = "claim"
    CONTRACT = "contract"
    PURPOSE = "purpose"


class Action(IntEnum):
    """What happens at the end, from the mildest to the strongest."""

    RESTRICT = 1
    PSEUDONYMISE = 2
    ANONYMISE = 3
    ERASE = 4

    @classmethod
    def of(cls, word: str) -> "Action":
        return cls[word.upper()]


class Stage(StrEnum):
    """Where a part stands: in use, kept for the purposes of its floors only, or to be gone."""

    ACTIVE = "active"
    SEALED = "sealed"
    GONE = "gone"


@dataclass(frozen=True)
class Floor:
    """A reason to keep a part until a moment. It counts from ``since`` on, when it became known."""

    cls: FloorClass
    until: datetime
    purpose: str = ""
    since: datetime = LONG_AGO
    version: int = 0
    """Which version of the policy promises it: 0 is the newest, 1 the one before that kept data
    are still promised, and so on. A hard floor is law, and speaks to all of them."""

    def stands_at(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


@dataclass(frozen=True)
class Ceiling:
    """A duty to end a part at a moment, unless a floor of a class it yields to stands."""

    at: datetime
    action: Action = Action.ERASE
    yields: frozenset[FloorClass] = field(default_factory=frozenset)
    rule: str = ""
    version: int = 0
    """Which version of the policy promises it, as a floor's."""

    def tolerates(self, floor: Floor) -> bool:
        return floor.cls is FloorClass.HARD or floor.cls in self.yields

    def knows(self, floor: Floor) -> bool:
        """Whether a floor stands against this ceiling: it is law, or of the same promise."""
        return floor.cls is FloorClass.HARD or floor.version == self.version


@dataclass(frozen=True)
class State:
    """Where a part stands at a moment; while sealed, the floors that justify keeping it."""

    stage: Stage
    floors: frozenset[Floor] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Due:
    """When a part has to be gone, how, and by which rule."""

    at: datetime
    action: Action
    rule: str


@dataclass(frozen=True)
class Seal:
    """From when a part is sealed, and which reasons keep it, each until when.

    A reason is the class of a floor and the name of what gave it: a purpose or a rule.
    """

    at: datetime
    until: Mapping[tuple[FloorClass, str], datetime]


def justifying(
    floors: Collection[Floor], ceilings: Collection[Ceiling], moment: datetime
) -> frozenset[Floor]:
    """Return the floors standing at ``moment`` that every ceiling passed by then tolerates.

    Where several versions of a policy promise an end, a reason to keep counts only as far as each
    of those with a passed ceiling has it: the promise that ends first ends the part. Law counts
    for all.
    """
    passed = [ceiling for ceiling in ceilings if ceiling.at <= moment]
    standing = {
        floor
        for floor in floors
        if floor.stands_at(moment)
        and all(ceiling.tolerates(floor) for ceiling in passed if ceiling.knows(floor))
    }
    versions = {ceiling.version for ceiling in passed}
    named = {(floor.cls, floor.purpose, floor.version) for floor in standing}
    return frozenset(
        floor
        for floor in standing
        if floor.cls is FloorClass.HARD
        or all((floor.cls, floor.purpose, version) in named for version in versions)
    )


def gone_at(floors: Collection[Floor], ceilings: Collection[Ceiling]) -> Due | None:
    """Return the first moment at which a ceiling has passed and no tolerated floor stands.

    The action is the strongest of the ceilings passed by then; the rule is that of the earliest of
    these, which the floors delayed. None where that moment never comes. What becomes known later
    than this moment cannot change it.
    """
    moments = {ceiling.at for ceiling in ceilings} | {floor.until for floor in floors}
    for moment in sorted(moment for moment in moments if moment < NEVER):
        passed = [ceiling for ceiling in ceilings if ceiling.at <= moment]
        if passed and not justifying(floors, ceilings, moment):
            action = max(ceiling.action for ceiling in passed)
            first = min((c.at, c.rule) for c in passed if c.action == action)
            return Due(moment, action, first[1])
    return None


def seal_of(floors: Collection[Floor], ceilings: Collection[Ceiling]) -> Seal | None:
    """Return from when a part is sealed and for how long each reason keeps it; None where it never
    is: its first end is the moment at which it is gone, or none ever comes.

    A reason that has ceased does not come back, so each has one end.
    """
    at = min((ceiling.at for ceiling in ceilings), default=NEVER)
    due = gone_at(floors, ceilings)
    if at >= NEVER or (due is not None and due.at <= at):
        return None
    moments = {ceiling.at for ceiling in ceilings} | {floor.until for floor in floors}
    moments |= {floor.since for floor in floors}
    until: dict[tuple[FloorClass, str], datetime] = {}
    for begin, end in pairwise([*sorted(m for m in moments if at <= m < NEVER), NEVER]):
        if due is not None and begin >= due.at:
            break
        for floor in justifying(floors, ceilings, begin):
            until[floor.cls, floor.purpose] = end
    return Seal(at, until)


def evaluate(floors: Collection[Floor], ceilings: Collection[Ceiling], moment: datetime) -> State:
    """Return where a part stands at ``moment``."""
    due = gone_at(floors, ceilings)
    if due is not None and due.at <= moment:
        return State(Stage.GONE)
    if all(moment < ceiling.at for ceiling in ceilings):
        return State(Stage.ACTIVE)
    return State(Stage.SEALED, justifying(floors, ceilings, moment))
