"""Reads about the quality of the data that more than one caller needs."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from skola.ground.people.api import Person, Role
from skola.promises.policy.api import due as end_of
from skola.promises.policy.api import in_force, parse_period
from skola.promises.quality.models import Merge, Run

OFFICE = frozenset({"administrator", "officer", "coordinator"})
"""Who has the tasks of the service itself."""
SCHOOL = "school.school"


def rule(now: datetime) -> Any:
    """Return ``[data_quality]`` of the policy in force; None where nothing is promised."""
    return in_force(now).policy.data_quality


def after(term: str, start: datetime) -> datetime:
    """Return when a term of the policy ends that begins at ``start``."""
    policy = in_force(start).policy.policy
    return end_of(start, parse_period(term), ZoneInfo(policy.timezone), policy.calendar)


def last_run() -> Run | None:
    """Return the last run."""
    return Run.objects.order_by("-at").first()


def next_run(now: datetime) -> datetime:
    """Return when the next run is due; ``now`` where there was none."""
    last = last_run()
    return after(rule(now).every, last.at) if last else now


def _schools_of(person: Person | None, now: datetime) -> QuerySet[Role, UUID | None]:
    """Return, for a sub-query, the schools that somebody administers."""
    held = Role.objects.filter(person=person, kind=Role.Kind.SCHOOL, scope=SCHOOL).held_at(now)
    return held.values_list("scope_id", flat=True)


def theirs(person: Person | None, kinds: frozenset[str], now: datetime) -> Q:
    """Return the condition for tasks and merges of somebody: the service's, or their school's."""
    mine = Q(place__in=_schools_of(person, now))
    return mine | Q(place=None) if kinds & OFFICE else mine


def parting_until(now: datetime) -> Any:
    """Return the merges that can still be undone."""
    return Merge.objects.filter(undone_at=None, undo_until__gt=now)
