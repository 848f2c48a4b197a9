"""Decisions about grants and training. Moments are in UTC."""

from datetime import date, datetime, timedelta
from enum import StrEnum

SOON = timedelta(days=30)
"""How long before a term ends somebody is reminded."""


def ends_at(review_at: datetime, wanted_until: datetime | None) -> datetime:
    """Return when a role ends unless it is reviewed: at its review, or earlier where asked for."""
    return review_at if wanted_until is None else min(review_at, wanted_until)


def can_decide(decider: object, *, asked_by: object, holder: object) -> bool:
    """Whether somebody may approve or review a grant: neither who asked nor who holds it."""
    return decider not in (asked_by, holder)


class Standing(StrEnum):
    """Where a grant stands."""

    ASKED = "asked"
    REFUSED = "refused"
    RUNNING = "running"
    REVIEW = "review"
    ENDED = "ended"


def standing(
    *, decided_at: datetime | None, refused: bool, ends_at: datetime | None, now: datetime
) -> Standing:
    """Say where a grant stands at ``now``; ``ends_at`` is when its role ends."""
    if decided_at is None:
        return Standing.ASKED
    if refused:
        return Standing.REFUSED
    if ends_at is None:
        return Standing.RUNNING
    if ends_at <= now:
        return Standing.ENDED
    return Standing.REVIEW if ends_at - now <= SOON else Standing.RUNNING


class Training(StrEnum):
    """Where the training of somebody stands."""

    MISSING = "missing"
    VALID = "valid"
    ENDING = "ending"
    OVER = "over"


def training(*, passed: bool, until: datetime | None, now: datetime) -> Training:
    """Say where a training stands that is valid before ``until``, passed or let be for a while."""
    if until is None or until <= now:
        return Training.OVER if passed else Training.MISSING
    return Training.ENDING if until - now <= SOON else Training.VALID


def is_due(review_on: date, today: date) -> bool:
    """Whether a guideline is to be looked at again; its day itself counts."""
    return review_on <= today
