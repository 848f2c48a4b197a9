"""The arithmetic of the picture: months from left to right, counts from below, both in percent."""

from collections.abc import Sequence
from dataclasses import dataclass

from skola.promises.simulation.rules import Simulation


@dataclass(frozen=True)
class Bar:
    """One month of the changed policy: where it begins, how wide and how high it is."""

    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True)
class Stroke:
    """One piece of the line of the policy in force."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Plot:
    """One of the two plots: bars for the changed policy, a line for the one in force."""

    bars: tuple[Bar, ...]
    line: tuple[Stroke, ...]
    highest: int


@dataclass(frozen=True)
class Year:
    """Where a year begins."""

    x: float
    word: str


@dataclass(frozen=True)
class Picture:
    """Two plots over the same months, and the years below them."""

    going: Plot
    stuck: Plot
    years: tuple[Year, ...]
    rows: tuple[tuple[object, int, int, int, int], ...]
    """The same as numbers: first day of the month, going and stuck, in force and changed."""


def picture(result: Simulation) -> Picture:
    """Return the picture of a simulation."""
    days, number = result.months.days, len(result.months)
    going, stuck = result.series(), result.stuck_series()
    return Picture(
        going=plot(*going),
        stuck=plot(*stuck),
        years=tuple(
            Year(_percent(at, number), str(day.year))
            for at, day in enumerate(days)
            if day.month == 1 and (number <= 72 or day.year % 2 == 0)
        ),
        rows=tuple(zip(days, going[0], going[1], stuck[0], stuck[1], strict=True)),
    )


def plot(before: Sequence[int], after: Sequence[int]) -> Plot:
    """Return bars of ``after`` and the stepped line of ``before`` on one scale."""
    highest = max((*before, *after), default=0)
    number, scale = len(before), max(highest, 1)
    bars = tuple(
        Bar(
            _percent(at + 0.1, number),
            _percent(0.8, number),
            _percent(scale - value, scale),
            _percent(value, scale),
        )
        for at, value in enumerate(after)
        if value
    )
    return Plot(bars, tuple(_line(before, scale)), highest)


def _line(values: Sequence[int], scale: int) -> list[Stroke]:
    """Level pieces over months of the same height, joined by upright ones."""
    number, found, begin = len(values), list[Stroke](), 0
    for at in range(1, number + 1):
        if at < number and values[at] == values[begin]:
            continue
        y = _percent(scale - values[begin], scale)
        found.append(Stroke(_percent(begin, number), y, _percent(at, number), y))
        if at < number:
            x = _percent(at, number)
            found.append(Stroke(x, y, x, _percent(scale - values[at], scale)))
        begin = at
    return found


def _percent(value: float, whole: float) -> float:
    return round(100 * value / whole, 3)
