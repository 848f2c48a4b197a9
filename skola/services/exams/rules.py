"""Decisions of an exam. Moments are aware; spans of film are whole milliseconds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

LATE = timedelta(seconds=30)
"""Answers that arrive later than this after the end are shown to the marker as late."""
OFFLINE = timedelta(minutes=10)
"""For how long after the end answers and film may still arrive from a device without a network."""
LONGEST_TERM_DAYS = 90
"""The longest term of its own that an exam may set for film and contest."""
GAP_MS = 2_000
"""A pause in the film from this length on is shown as a gap."""


class Kind(StrEnum):
    """What a question asks for."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    SHORT = "short"
    LONG = "long"


def number_of(text: str) -> Decimal | None:
    """Return a written number, with a comma or a point; None for what is none."""
    try:
        found = Decimal(text.strip().replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def plain(text: str) -> str:
    """Return a short answer as it is compared: case and outer or doubled spaces do not count."""
    return " ".join(text.casefold().split())


def points_for(
    kind: str, *, key: Sequence[str], worth: int, answer: Sequence[str], options: int = 0
) -> Decimal | None:
    """Return the points of an answer by the key of its question; None where a person marks it.

    Of several choices each right one adds its share and each wrong one takes one away, never below
    nothing. A number may have a tolerance as second part of the key.
    """
    full, nothing = Decimal(worth), Decimal(0)
    given = [one for one in answer if one.strip()]
    match kind:
        case Kind.LONG:
            return None
        case Kind.MULTIPLE:
            right = set(key)
            balance = len(right & set(given)) - len(set(given) - right)
            share = full * max(0, balance) / max(1, len(right))
            return share.quantize(Decimal("0.01"), ROUND_HALF_UP)
        case Kind.NUMBER:
            wanted, found = number_of(key[0]), number_of(given[0]) if given else None
            tolerance = (number_of(key[1]) if len(key) > 1 else None) or nothing
            near = wanted is not None and found is not None and abs(wanted - found) <= tolerance
            return full if near else nothing
        case Kind.SHORT:
            accepted = {plain(one) for one in key}
            return full if given and plain(given[0]) in accepted else nothing
    return full if list(given) == list(key) else nothing


def key_fault(kind: str, *, options: Sequence[str], key: Sequence[str]) -> str:
    """Say what is wrong with a question: ``options``, ``key`` or nothing."""
    if kind in (Kind.SINGLE, Kind.MULTIPLE):
        if len(options) < 2 or len(set(options)) < len(options):
            return "options"
        known = {str(number) for number in range(len(options))}
        fits = bool(key) and set(key) <= known and (kind == Kind.MULTIPLE or len(key) == 1)
        return "" if fits else "key"
    if kind == Kind.NUMBER:
        numbers = [number_of(one) for one in key]
        return "" if 1 <= len(key) <= 2 and None not in numbers else "key"
    if kind == Kind.SHORT:
        return "" if any(plain(one) for one in key) else "key"
    return ""


def passed(points: Decimal, *, of: int, percent: int) -> bool:
    """Whether these points reach the share of ``of`` that is needed."""
    return points * 100 >= Decimal(of) * percent


# ---- the clock, which the server owns ------------------------------------------------------------


def time_is_up(ends_at: datetime, now: datetime) -> bool:
    """Whether an attempt is over for good: nothing of it can still be on its way."""
    return now > ends_at + OFFLINE


def is_late(ends_at: datetime, now: datetime) -> bool:
    """Whether what arrives now arrives after the end."""
    return now > ends_at + LATE


def finished_at(ends_at: datetime, now: datetime) -> datetime:
    """When an attempt that is handed in now was finished: never after its end."""
    return min(ends_at, now)


def can_begin(*, starts_at: datetime, closes_at: datetime, is_checked: bool, now: datetime) -> bool:
    """Whether a candidate at whose papers somebody has looked may begin now.

    Where it was not confirmed who they are, too: the exam is flagged then, and a person decides
    (ilearn-11.p).
    """
    return is_checked and starts_at <= now < closes_at


# ---- contesting ----------------------------------------------------------------------------------


def may_contest(
    *, finished: bool, window_ends_at: datetime | None, contested: bool, now: datetime
) -> bool:
    """Whether the exam may be contested now: once, from its end to the end of its term."""
    if not finished or contested or window_ends_at is None:
        return False
    return now < window_ends_at


def days_left(until: datetime, now: datetime) -> int:
    """Return how many days are left, a begun one counted; nothing once it is over."""
    return max(0, -int(-(until - now).total_seconds() // 86_400))


def may_decide(decider: object, *, marker: object | None, candidate: object) -> bool:
    """Whether somebody may decide a contest: neither who marked it nor whose it is."""
    return decider not in (marker, candidate)


# ---- the film ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filmed:
    """One unbroken run of a recorder: when it began, how long, and the pauses inside it."""

    begun_at: datetime
    length_ms: int
    pauses: tuple[tuple[int, int], ...] = ()

    @property
    def ended_at(self) -> datetime:
        return self.begun_at + timedelta(milliseconds=self.length_ms)


@dataclass(frozen=True)
class Gap:
    """A time of the attempt of which there is no film."""

    begun_at: datetime
    ended_at: datetime

    @property
    def seconds(self) -> int:
        """How long it is, in whole seconds, rounded up."""
        return -int(-(self.ended_at - self.begun_at).total_seconds() // 1)


def gaps(runs: Iterable[Filmed], *, begun_at: datetime, ended_at: datetime) -> list[Gap]:
    """Return the times of an attempt without film, from the first to the last.

    Pauses shorter than ``GAP_MS`` are how recorders hand over, and are no gaps.
    """
    covered: list[tuple[datetime, datetime]] = []
    for run in runs:
        at = 0
        for first, last in (*run.pauses, (run.length_ms, run.length_ms)):
            covered.append(
                (
                    run.begun_at + timedelta(milliseconds=at),
                    run.begun_at + timedelta(milliseconds=first),
                )
            )
            at = last
    found, here = [], begun_at
    for first_at, last_at in [*sorted(covered), (ended_at, ended_at)]:
        if min(first_at, ended_at) - here >= timedelta(milliseconds=GAP_MS):
            found.append(Gap(here, min(first_at, ended_at)))
        here = max(here, last_at)
    return found


def pause_before(known_ms: int, *, begins_ms: int) -> tuple[int, int] | None:
    """Return the pause between what is known of a run and a part that begins later, if any."""
    return (known_ms, begins_ms) if begins_ms - known_ms >= GAP_MS else None


FILM_LATE = timedelta(hours=1)
"""For how long after the end of an attempt its film may still arrive."""


def film_may_arrive(ends_at: datetime, now: datetime) -> bool:
    """Whether film of an attempt is still taken: it may have waited on a device."""
    return now <= ends_at + FILM_LATE


# ---- invigilating --------------------------------------------------------------------------------

SILENT = timedelta(minutes=1)
"""For how long nothing may arrive from a filmed candidate before they count as offline."""
MOST_EXTRA = 180
"""Minutes that can be added at once."""


class Need(StrEnum):
    """How a candidate stands for an invigilator, the most urgent first."""

    HELP = "help"
    OFFLINE = "offline"
    LET_IN = "let-in"
    FLAGGED = "flagged"
    WRITING = "writing"
    EXPECTED = "expected"
    DONE = "done"


@dataclass(frozen=True)
class Standing:
    """What is known of a candidate; ``heard_at`` is None where nothing is filmed."""

    papers_wait: bool
    begun: bool
    finished: bool
    asked_at: datetime | None
    answered_at: datetime | None
    heard_at: datetime | None
    flags: int


def minutes_silent(heard_at: datetime | None, now: datetime) -> int:
    """Return for how many whole minutes nothing has arrived; nothing below the first."""
    if heard_at is None or now - heard_at < SILENT:
        return 0
    return int((now - heard_at).total_seconds() // 60)


def waits_for_help(asked_at: datetime | None, answered_at: datetime | None) -> bool:
    """Whether a candidate asked after they were told something last."""
    return asked_at is not None and (answered_at is None or answered_at < asked_at)


def need(stands: Standing, now: datetime) -> Need:
    """Return how a candidate stands."""
    if stands.finished:
        return Need.DONE
    if not stands.begun:
        return Need.LET_IN if stands.papers_wait else Need.EXPECTED
    if waits_for_help(stands.asked_at, stands.answered_at):
        return Need.HELP
    if minutes_silent(stands.heard_at, now):
        return Need.OFFLINE
    return Need.FLAGGED if stands.flags else Need.WRITING
