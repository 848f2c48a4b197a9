"""Whether a consent stands, asked at the moment of use; and the history of somebody's consents."""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from skola.promises.consents import rules
from skola.promises.consents.models import Consent, ConsentQuerySet
from skola.promises.policy import catalogue
from skola.promises.policy.api import (
    InForce,
    Version,
    ended_consents,
    in_force,
    stale_consents,
)


def standing(purpose: str, *, now: datetime, scope: str = "") -> ConsentQuerySet:
    """Return the consents to a purpose, within a scope, that stand at a moment.

    None stands where the policy in force does not rest the purpose on consent, and none that was
    given before a version changed what it was given to.
    """
    found = in_force(now)
    try:
        rules.purpose_of(found.policy, purpose)
    except rules.NotAskedError:
        return Consent.objects.none()
    standing = Consent.objects.standing_at(now).filter(
        purpose=purpose, scope=rules.scope_of(found.policy, purpose, scope)
    )
    since = asked_anew(found).get(purpose)
    return standing.filter(given_at__gte=since) if since else standing


def allowed(person: UUID, purpose: str, *, now: datetime, scope: str = "") -> bool:
    """Whether a person's consent to a purpose, within a scope, stands at a moment."""
    return standing(purpose, now=now, scope=scope).filter(person_id=person).exists()


def allowed_among(
    people: Collection[UUID] | QuerySet[Consent, UUID],
    purpose: str,
    *,
    now: datetime,
    scope: str = "",
) -> set[UUID]:
    """Return those of some people whose consent stands at a moment. One query."""
    found = standing(purpose, now=now, scope=scope).filter(person_id__in=people)
    return set(found.values_list("person_id", flat=True))


def consenting(purpose: str, *, now: datetime, scope: str = "") -> QuerySet[Consent, UUID]:
    """Return, for a sub-query, the keys of everybody whose consent stands at a moment."""
    found = standing(purpose, now=now, scope=scope).order_by()
    return found.values_list("person_id", flat=True)


def history(person: UUID) -> list[Consent]:
    """Return the consents of a person, those that ended too, latest first."""
    found = Consent.objects.filter(person_id=person).select_related("giver")
    return list(found.order_by("-given_at", "-pk"))


def ground_at(person: UUID, purpose: str, *, moment: datetime, scope: str = "") -> Consent | None:
    """Return the consent on which something was done at a moment, though it ended since."""
    found = standing(purpose, now=moment, scope=scope).filter(person_id=person)
    return found.order_by("-given_at").first()


def lapsing(tenant: str, now: datetime) -> Iterator[tuple[Version, frozenset[str]]]:
    """Return each version in force by ``now`` with the purposes whose consents it ended."""
    found, _ = catalogue.versions(Path(settings.POLICIES), tenant, law=Path(settings.LAW))
    for before, version in pairwise(found):
        if version.written.policy.effective <= now:
            yield version, _ended(before, version)


def asked_anew(found: InForce) -> dict[str, datetime]:
    """Return since when the consents count, for each purpose whose consents a version ended."""
    return {
        purpose: version.written.policy.effective
        for before, version in pairwise((*found.earlier, found.version))
        for purpose in _ended(before, version)
    }


_ENDED: dict[tuple[str, str], frozenset[str]] = {}
"""What was compared before: policies are compared once, for every page may ask."""


def _ended(before: Version, version: Version) -> frozenset[str]:
    key = before.hash, version.hash
    if key not in _ENDED:
        old, new = before.effective.policy, version.effective.policy
        _ENDED[key] = frozenset(stale_consents(old, new) | ended_consents(old, new))
    return _ENDED[key]
