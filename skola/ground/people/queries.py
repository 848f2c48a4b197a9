"""Reads about people that more than one room needs."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from skola.ground.people.models import Guardianship, Person, Role, role_filter


def holds(
    person: Person | None,
    kind: str,
    *,
    now: datetime,
    scope: str = "",
    scope_id: UUID | None = None,
) -> bool:
    """Whether ``person`` holds the role now, for the whole tenant or for the thing named."""
    if person is None:
        return False
    wanted = role_filter(kind, scope, scope_id)
    return Role.objects.filter(wanted, person=person).held_at(now).exists()


def kinds_of(person: Person, *, now: datetime) -> frozenset[str]:
    """Return every kind of role that ``person`` holds now, whatever it is for."""
    held = Role.objects.filter(person=person).held_at(now)
    return frozenset(held.values_list("kind", flat=True))


def _standing(moment: datetime) -> Q:
    running = Q(ends_at=None) | Q(ends_at__gt=moment)
    return running & Q(verified_at__isnull=False, starts_at__lte=moment)


def has_guardian(person: Person, *, now: datetime) -> bool:
    """Whether somebody proven stands for ``person`` now (ilearn-20.k)."""
    return Guardianship.objects.filter(_standing(now), child=person).exists()


def guarded_by(guardian: Person, *, now: datetime) -> list[Guardianship]:
    """Return the proven links of ``guardian`` that run now, with the children (ilearn-11.d)."""
    found = Guardianship.objects.filter(_standing(now), guardian=guardian)
    return list(found.select_related("child").order_by("child__given_name"))


def guardians_with(children: Iterable[UUID], power: str, *, now: datetime) -> list[Guardianship]:
    """Return the proven links that run now and have a power, with children and guardians."""
    found = Guardianship.objects.filter(
        _standing(now), child__in=list(children), powers__contains=[power]
    )
    return list(found.select_related("child", "guardian").order_by("guardian_id"))


def wards_with(guardian: Person, power: str, *, now: datetime) -> QuerySet[Guardianship, UUID]:
    """Return, for a sub-query, the children for whom a proven guardian may do something now."""
    found = Guardianship.objects.filter(_standing(now), guardian=guardian, powers__contains=[power])
    return found.values_list("child_id", flat=True)
