"""Decisions in words, and what waits for whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language

from skola.promises.decisions.models import Decision
from skola.promises.decisions.points import Point, all_points
from skola.promises.decisions.points import point as point_of
from skola.promises.policy.api import in_force, spoken
from skola.promises.policy.schema.messages import Automated
from skola.promises.rights.api import automated, in_language, is_stopped

CAPABILITY = "decisions.automated"
STAFF = "staff:"


class UnknownError(LookupError):
    """The policy names no such decision: the software does not take it here."""


def promised(name: str, *, now: datetime) -> Automated:
    """Return what the policy in force says of a decision. Raises UnknownError."""
    for one in in_force(now).policy.automated:
        if one.id == name:
            return one
    raise UnknownError(f'The policy has no [[automated]] "{name}". Name the decision there first.')


@dataclass(frozen=True)
class Shown:
    """A decision as pages and mails say it."""

    decision: Decision
    name: str
    logic: str
    inputs: tuple[tuple[str, str], ...]
    result: str
    """Empty while it is not decided."""
    first_result: str


def shown(decision: Decision, *, now: datetime) -> Shown:
    """Return a decision in the active language."""
    at = point_of(decision.point)
    told = decision.inputs
    return Shown(
        decision,
        name_of(decision.point, now=now),
        at.logic(),
        tuple((words(), str(told[key])) for key, words in at.inputs.items() if key in told),
        at.results[decision.result]() if decision.result else "",
        at.results[decision.first_result]() if decision.first_result else "",
    )


def name_of(point: str, *, now: datetime) -> str:
    """Return how the policy calls a decision, in the active language."""
    named = [one for one in in_force(now).policy.automated if one.id == point]
    return (in_language(named[0].name) if named else "") or point


@dataclass(frozen=True)
class Entry:
    """A point of the register, as the policy in force has it."""

    point: Point
    name: str
    consequence: str
    is_legal: bool
    grounds: tuple[str, ...]
    stopped: bool = False
    """Whether the reader objected to it."""


def register_of(*, now: datetime, person_id: UUID | None = None) -> list[Entry]:
    """Return the decisions that the policy names and a room takes, for whoever reads."""
    whole = in_force(now).policy
    policy = {one.id: one for one in whole.automated}
    language = get_language() or "en"
    return [
        Entry(
            one,
            name_of(one.id, now=now),
            spoken(whole, policy[one.id].consequence, language),
            policy[one.id].effect == "legal",
            tuple(str(Decision.Ground(ground).label) for ground in policy[one.id].allowed_on),
            is_stopped(person_id, automated(one.id)),
        )
        for one in all_points()
        if one.id in policy
    ]


def reviewed_by(held: frozenset[str], *, now: datetime) -> "QuerySet[Decision]":
    """Return the decisions of who holds these kinds of role: the policy says who reviews."""
    found = Decision.objects.select_related("person").order_by("decide_by", "pk")
    if "administrator" in held:
        return found
    mine = [
        one.id
        for one in in_force(now).policy.automated
        if one.review_by.removeprefix(STAFF) in held
    ]
    return found.filter(point__in=mine)


def waiting_for(held: frozenset[str], *, now: datetime) -> "QuerySet[Decision]":
    """Return what waits for who holds these kinds of role, the soonest due first."""
    waiting = Decision.objects.waiting().values("pk")
    return reviewed_by(held, now=now).filter(pk__in=waiting)


def latest(person_id: UUID, name: str, *, about: Any = None) -> Decision | None:
    """Return the latest decision about somebody at a point that is decided."""
    found = Decision.objects.filter(person_id=person_id, point=name, decided_at__isnull=False)
    if about is not None:
        found = found.filter(about=about)
    return found.order_by("-decided_at", "-pk").first()


def may_decide(person_id: UUID, name: str) -> bool:
    """Whether the software may decide this about somebody: they did not object."""
    return not is_stopped(person_id, automated(name))
