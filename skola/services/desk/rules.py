"""Decisions of the desk: by when to answer, who looks like a spammer, what may be recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

FASTEST = timedelta(seconds=3)
"""Nobody reads the form, writes a question and sends it faster."""
FORM_LASTS = timedelta(hours=12)
"""A form left open longer is sent again, so that a copied token is of no lasting use."""
CALL_BACK_WITHIN = timedelta(days=14)
"""A call to a number that left a voicemail within this time answers it."""

_ANSWER_DAYS = {"privacy": 30, "dispute": 15, "refund": 15}
_USUAL_DAYS = 3


def answer_by(topic: str, received_at: datetime, zone: ZoneInfo) -> date:
    """Return the last day, in the tenant's zone, on which we mean to have answered.

    Three days; fifteen for a dispute or refund; thirty for a question about personal data. These
    are the desk's own goals. The terms of rights requests are the policy's, counted elsewhere.
    """
    return received_at.astimezone(zone).date() + timedelta(_ANSWER_DAYS.get(topic, _USUAL_DAYS))


LONGEST_PAGE = 300


def page_of(address: str) -> str:
    """Return where something did not work: the path, without what opens it for others.

    A step with a colon is a signed link of somebody; what follows ``?`` may tell what was sought.
    """
    path = address.partition("?")[0].partition("#")[0]
    steps = ["…" if ":" in step else step for step in path.split("/")]
    return "/".join(steps)[:LONGEST_PAGE] if path.startswith("/") else ""


class Suspicion(StrEnum):
    """Why a form was not taken; each has its own words for the sender."""

    NONE = ""
    TRAP = "trap"
    TOO_FAST = "too-fast"
    STALE = "stale"


def suspicion(*, trap: str, shown_at: datetime | None, now: datetime) -> Suspicion:
    """Say whether a form looks sent by a machine, without knowing anything about the sender.

    ``trap`` is the field people do not see; ``shown_at`` is when the form was drawn, None when the
    signature on it was wrong.
    """
    if trap:
        return Suspicion.TRAP
    if shown_at is None or now - shown_at > FORM_LASTS:
        return Suspicion.STALE
    return Suspicion.TOO_FAST if now - shown_at < FASTEST else Suspicion.NONE


class Refusal(StrEnum):
    """Why a recording is not taken."""

    NONE = ""
    UNANNOUNCED = "unannounced"
    NOT_ADVICE = "not-advice"


ADVISERS = frozenset({"consultant", "order-taker"})
"""Whose conversations may be recorded. Source: ema-4.3."""


def refusal(*, announced: bool, callee_role: str) -> Refusal:
    """Say whether a recording may be taken: callers are told, and it is advice or an order.

    Source: ema-4.3; ema-4.1-recording for the announcement.
    """
    if not announced:
        return Refusal.UNANNOUNCED
    return Refusal.NONE if callee_role in ADVISERS else Refusal.NOT_ADVICE


def plain_number(written: str) -> str:
    """Return a phone number as digits with a leading plus where there was one; empty when none.

    ``(+371) 2900-0300`` and ``+371 29000300`` are the same number.
    """
    digits = "".join(sign for sign in written if sign.isdecimal() and sign.isascii())
    if not digits:
        return ""
    if "+" in written.split(digits[0])[0]:
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") and len(digits) > 2 else digits


@dataclass(frozen=True)
class Voicemail:
    """A message somebody left, as far as calling back needs to know."""

    key: object
    number: str
    at: datetime
    answered: bool


def voicemail_answered_by(
    voicemails: Iterable[Voicemail], *, number: str, at: datetime
) -> Voicemail | None:
    """Return the oldest unanswered voicemail that a call to ``number`` at ``at`` calls back.

    Source: ema-4.1-recording.
    """
    fitting = [
        one
        for one in voicemails
        if not one.answered and one.number == number and one.at <= at <= one.at + CALL_BACK_WITHIN
    ]
    return min(fitting, key=lambda one: one.at, default=None)
