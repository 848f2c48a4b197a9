"""The arithmetic and the words behind drawn components; templates only place them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time

from django.http import HttpRequest
from django.utils.translation import gettext

from skola.ground.ui import formats

Row = tuple[str, float]


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: its row from the top, and its length in percent of the longest."""

    row: int
    label: str
    value: float
    share: float


def share(value: float, total: float) -> float:
    """Return ``value`` in percent of ``total``, from 0 to 100; 0 when there is no total."""
    return round(min(100.0, max(0.0, 100 * value / total)), 2) if total > 0 else 0.0


def chart_bars(rows: Sequence[Row]) -> list[Bar]:
    """Return the bars of a chart, scaled to the largest value; negative values draw nothing."""
    longest = max((value for _, value in rows), default=0)
    return [Bar(at, label, value, share(value, longest)) for at, (label, value) in enumerate(rows)]


def chart_words(rows: Sequence[Row], unit: str = "") -> str:
    """Return what a chart shows as one line of words, for those who do not see it."""
    return "; ".join(
        f"{label}: {formats.number(value)}" + (f" {unit}" if unit else "") for label, value in rows
    )


def _moment(when: date) -> datetime:
    if isinstance(when, datetime):
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    return datetime.combine(when, time(), UTC)


def share_of_time(begin: date, now: date, end: date) -> float:
    """Return how much of a span has passed, in percent; days and moments may be mixed."""
    first, at, last = (_moment(when).timestamp() for when in (begin, now, end))
    return share(at - first, last - first) if last > first else 100.0


def _known(on: date | None) -> date | None:
    """Return a day that will come; the end of the calendar stands for a clock that does not run."""
    return None if on is None or on.year >= MAXYEAR - 1 else on


def clock_sentence(on: date | None, because: str = "", kind: str = "goes") -> str:
    """Return the standard sentence of a clock: what happens, on which day, because of what.

    ``kind``: ``goes``, ``kept`` (no end runs yet), ``sealed``, ``held`` or ``gone``.
    """
    on = _known(on)
    facts = {"day": formats.day(on), "reason": because}
    if kind == "held":
        with_reason, plain = (
            gettext("On hold and not erased, because %(reason)s."),
            gettext("On hold and not erased."),
        )
    elif kind == "gone" and on:
        with_reason, plain = (
            gettext("Gone since %(day)s, because %(reason)s."),
            gettext("Gone since %(day)s."),
        )
    elif kind == "sealed" and on:
        with_reason, plain = (
            gettext("Sealed until %(day)s, because %(reason)s."),
            gettext("Sealed until %(day)s."),
        )
    elif on:
        with_reason, plain = (
            gettext("Goes on %(day)s, because %(reason)s."),
            gettext("Goes on %(day)s."),
        )
    else:
        with_reason, plain = (
            gettext("Kept for now, because %(reason)s."),
            gettext("Kept for now: the event that starts its clock has not happened."),
        )
    return (with_reason if because else plain) % facts


def clock_words(on: date | None, kind: str = "goes") -> str:
    """Return the chip of a clock, short enough for a table cell."""
    on = _known(on)
    facts = {"day": formats.short_day(on)}
    if kind == "held":
        return gettext("on hold")
    if on is not None and on.year == date.max.year:  # how a clock says that no end runs yet
        on = None
    if on is None:
        return gettext("kept for now")
    if kind == "gone":
        return gettext("gone since %(day)s") % facts
    if kind == "sealed":
        return gettext("sealed until %(day)s") % facts
    return gettext("kept until %(day)s") % facts


def address_with(request: HttpRequest, name: str, value: object) -> str:
    """Return this page's query with one parameter set, so that filters survive the next page."""
    query = request.GET.copy()
    query[name] = str(value)
    return "?" + query.urlencode()
