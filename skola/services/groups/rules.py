"""Decisions about runs and their seats. Days are days of the tenant's zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

LONGEST = timedelta(days=3 * 365)
"""A run ends within three years of its first day."""


class Standing(StrEnum):
    """Where a run stands."""

    DRAFT = "draft"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"
    RUNNING = "running"
    OVER = "over"
    CANCELLED = "cancelled"


def standing(
    *,
    published_at: datetime | None,
    cancelled_at: datetime | None,
    apply_until: date,
    starts_on: date,
    ends_on: date,
    free: int,
    today: date,
) -> Standing:
    """Say where a run stands on ``today``. Who may still apply sees it open, or full."""
    if cancelled_at is not None:
        return Standing.CANCELLED
    if published_at is None:
        return Standing.DRAFT
    if today > ends_on:
        return Standing.OVER
    if today <= apply_until:
        return Standing.OPEN if free > 0 else Standing.FULL
    return Standing.RUNNING if today >= starts_on else Standing.CLOSED


def takes_applications(
    *, published_at: datetime | None, cancelled_at: datetime | None, apply_until: date, today: date
) -> bool:
    """Whether people can apply today; the last day still counts."""
    return published_at is not None and cancelled_at is None and today <= apply_until


class Fault(StrEnum):
    """What is wrong with the days of a run."""

    NONE = ""
    ENDS_BEFORE = "ends-before"
    TOO_LONG = "too-long"
    APPLY_AFTER_END = "apply-after-end"


def days_fault(*, starts_on: date, ends_on: date, apply_until: date) -> Fault:
    """Say what is wrong with the days of a run."""
    if ends_on < starts_on:
        return Fault.ENDS_BEFORE
    if ends_on - starts_on > LONGEST:
        return Fault.TOO_LONG
    return Fault.APPLY_AFTER_END if apply_until > ends_on else Fault.NONE


class Every(StrEnum):
    """How often a meeting comes again."""

    ONCE = "once"
    DAY = "day"
    WEEK = "week"


def meeting_days(first: date, last: date, every: Every) -> Iterator[date]:
    """Yield the days from ``first`` through ``last``: every working day, or the same weekday."""
    step = timedelta(days=7 if every is Every.WEEK else 1)
    while first <= last:
        if every is not Every.DAY or first.isoweekday() <= 5:
            yield first
        if every is Every.ONCE:
            return
        first += step


TO_DECIDE = ("received", "waiting")
"""The stages of an application about which staff can still decide."""


def can_withdraw(stage: str, *, result: str, ends_on: date, today: date) -> bool:
    """Whether an applicant can step back: until the last day, and while there is no result."""
    return stage not in ("refused", "withdrawn") and not result and today <= ends_on


def decisions(stage: str, *, free: int, cancelled: bool) -> tuple[str, ...]:
    """Return what staff can do with an application: admit only while a seat is free."""
    if cancelled or stage not in TO_DECIDE:
        return ()
    others = ("refused",) if stage == "waiting" else ("waiting", "refused")
    return ("admitted", *others) if free > 0 else others


@dataclass(frozen=True)
class Learner:
    """Somebody whom a company sends."""

    given_name: str
    family_name: str
    email: str


class LineError(ValueError):
    """A line of a list of learners that cannot be read; says which."""

    def __init__(self, number: int, line: str) -> None:
        super().__init__(line)
        self.number = number


MOST_LEARNERS = 100


def learners_in(text: str) -> list[Learner]:
    """Return the people of a list, one a line: given name, family name, e-mail address.

    Commas, semicolons or tabs stand between; empty lines count for nothing. Raises LineError for a
    line that has not all three, and for an address that stood before.
    """
    found: dict[str, Learner] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in re.split(r"[,;\t]", line)]
        email = parts[-1].lower()
        whole = len(parts) == 3 and all(parts) and max(map(len, parts)) <= 80
        if not whole or "@" not in email or email in found:
            raise LineError(number, line)
        found[email] = Learner(parts[0], parts[1], email)
    return list(found.values())


WINDOW = 30
"""Seconds after which the code on the wall changes."""
GRACE = 2
"""How many codes before the present one are accepted: time to scan, to read and to tap."""
AROUND = timedelta(minutes=30)
"""How long before a meeting begins and after it ends one can sign."""


def window_of(now: datetime) -> int:
    """Return the number of the span of 30 seconds in which a moment lies."""
    return int(now.timestamp()) // WINDOW


def windows_accepted(now: datetime) -> range:
    """Return the numbers of the spans whose codes are accepted at a moment."""
    return range(window_of(now) - GRACE, window_of(now) + 1)


def can_sign(begins_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether a meeting is signed now: from half an hour before it until half an hour after it."""
    return begins_at - AROUND <= now <= ends_at + AROUND


def access_ends_on(run_ends_on: date, cooperation_ends_on: date | None) -> date:
    """Return the last day on which a trainer sees a group (kic-recipient-trainers).

    The last day of the group, or of the cooperation contract where that is earlier; who works here
    has no such contract.
    """
    return min(run_ends_on, cooperation_ends_on or run_ends_on)


class Unfit(StrEnum):
    """Why an external trainer is not let in (kic-security-partners)."""

    NONE = ""
    NO_CONTRACT = "no-contract"
    NOT_EVALUATED = "not-evaluated"
    EVALUATED_UNFIT = "evaluated-unfit"
    EVALUATION_OLD = "evaluation-old"


def unfit(*, verdict: str, evaluate_again_on: date | None, today: date) -> Unfit:
    """Say why a partner with a running contract cannot be let in; the day itself still counts."""
    if not verdict or evaluate_again_on is None:
        return Unfit.NOT_EVALUATED
    if verdict != "fit":
        return Unfit.EVALUATED_UNFIT
    return Unfit.EVALUATION_OLD if today > evaluate_again_on else Unfit.NONE


MASK = "•" * 11
"""How pages show a national code that is held: nothing of it."""


def plain_code(code: str) -> str:
    """Return a national code without blanks and dashes."""
    return "".join(sign for sign in code if sign.isalnum()).upper()


def is_code(code: str) -> bool:
    """Whether a plain code can be a national code: of any country, for guests come from all."""
    return 6 <= len(code) <= 20 and any(sign.isdecimal() for sign in code)
