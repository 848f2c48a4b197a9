"""Decisions about answers: what a report may show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

USUAL_MINIMUM = 5
"""How many have to answer before a figure is shown, where the policy names no number."""


@dataclass(frozen=True)
class Score:
    """Scores from 1 to 5 of one course, group or trainer: how many, and their sum."""

    count: int
    total: int

    @property
    def mean(self) -> float:
        """The mean of the scores."""
        return self.total / self.count

    def __add__(self, other: "Score") -> "Score":
        return Score(self.count + other.count, self.total + other.total)


NOTHING = Score(0, 0)


def shown(score: Score, minimum: int) -> Score | None:
    """Return a figure, or None where fewer than ``minimum`` people stand behind it."""
    return score if score.count >= max(1, minimum) else None


def together(scores: Iterable[Score], minimum: int) -> Score | None:
    """Return the figure of several groups, from which no small group can be told.

    Small groups count only when they are enough together: else the difference between this figure
    and those of the groups that are shown would tell what a small one said.
    """
    found: Sequence[Score] = list(scores)
    large = sum((one for one in found if one.count >= minimum), NOTHING)
    small = sum((one for one in found if one.count < minimum), NOTHING)
    return shown(large + small if small.count >= minimum else large, minimum)
