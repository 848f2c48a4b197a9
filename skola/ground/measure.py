"""One figure of ``skola bench``, beside its limit in the same run."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Measure:
    """One figure beside its limit, both in seconds, their ratio, and how far that may go."""

    name: str
    value: float
    limit: float
    ratio: float
    """The median over the rounds, in each of which both sides were measured in turn."""
    goal: float
    ok: bool


def compared(name: str, values: list[float], limits: list[float], goal: float) -> Measure:
    """Return the measure of rounds in which both sides took turns."""
    ratio = median(value / limit for value, limit in zip(values, limits, strict=True))
    return Measure(name, median(values), median(limits), ratio, goal, ratio <= goal)
