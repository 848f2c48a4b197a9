"""Whether a consent stands, asked at the moment of use; and the history of somebody's consents."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from skola.ground.people.api import Person
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
from skola.promises.policy.schema import Policy
from skola.promises.retention.api import open_states, opened_of


def standing(purpose: str, *, now: datetime, scope: str = "") -> ConsentQuerySet:
    """Return the consents to a purpose, within a scope, that stand at a moment.

    None stands where the policy in force does not rest the purpose on consent, and none that was
    given before a version changed what it was given to.
    """
    limit = rules.scope_of(in_force(now).policy, purpose, scope)
    return standing_in_any_scope(purpose, now=now).filter(scope=limit)


def standing_in_any_scope(purpose: str, *, now: datetime) -> ConsentQuerySet:
    """Return the same whatever they are limited to, for a sub-query that looks at the scope."""
    found = in_force(now)
    if not is_asked(found.policy, purpose):
        return Consent.objects.none()
    standing = Consent.objects.standing_at(now).filter(purpose=purpose)
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


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a person is asked, and their consents to it that stand."""

    asking: rules.Asking
    scope: str
    by: tuple[str, ...]
    """The channels of messages that it is about; empty where it is about none."""
    standing: tuple[Consent, ...]

    @property
    def is_on(self) -> bool:
        """Whether a consent to it stands."""
        return bool(self.standing)

    @property
    def key(self) -> str:
        """Purpose and scope as one word."""
        return f"{self.asking.purpose}|{self.scope}"


def questions(
    person: Person,
    *channels: str,
    now: datetime,
    language: str = "",
    known: Collection[Consent] | None = None,
) -> list[Question]:
    """Return what a person is asked by any of these channels, with what stands of it.

    ``known`` are the person's consents where they have been read. Those are not asked whom the
    policy spares offers or tracking (``never_to``, ``never_for``).
    """
    found = in_force(now)
    language = rules.language_of(found.policy, language)
    stands: dict[tuple[str, str], list[Consent]] = {}
    for one in standing_of(person.pk, now=now, known=known):
        stands.setdefault((one.purpose, one.scope), []).append(one)
    asked = list(rules.asked_by(found.policy, *channels))
    spared = _spared(person, {purpose for purpose, _ in asked}, found, now)
    return [
        Question(
            rules.asking(found.policy, purpose, language),
            scope,
            (scope,) if scope else rules.shared_channels(found.policy, purpose),
            tuple(stands.get((purpose, scope), ())),
        )
        for purpose, scope in asked
        if purpose not in spared
    ]


def all_standing(person: Person, *, now: datetime, language: str = "") -> list[Question]:
    """Return everything that a person has agreed to and that stands, whoever asked for it."""
    policy = in_force(now).policy
    language = rules.language_of(policy, language)
    found: dict[tuple[str, str], list[Consent]] = {}
    for one in standing_of(person.pk, now=now):
        found.setdefault((one.purpose, one.scope), []).append(one)
    return [
        Question(
            rules.asking(policy, purpose, language),
            scope,
            (scope,) if scope else rules.shared_channels(policy, purpose),
            tuple(given),
        )
        for (purpose, scope), given in found.items()
    ]


def standing_of(
    person: UUID, *, now: datetime, known: Collection[Consent] | None = None
) -> list[Consent]:
    """Return the consents of a person that stand at a moment, to whatever, first given first."""
    found = in_force(now)
    since = asked_anew(found)
    live = {each.id for each in found.policy.purpose if each.basis.kind == "consent"}
    rows = Consent.objects.of(person).standing_at(now) if known is None else known
    return sorted(
        (
            one
            for one in rows
            if one.stands_at(now)
            and one.purpose in live
            and one.given_at >= since.get(one.purpose, one.given_at)
        ),
        key=lambda one: one.given_at,
    )


MINORS = "minors"
"""How a policy calls those below the age of majority, among whom it spares offers."""


def _spared(person: Person, purposes: set[str], found: InForce, now: datetime) -> set[str]:
    never = {purpose: rules.never_asked(found.policy, purpose) for purpose in purposes}
    if not any(never.values()):
        return set()
    opened = opened_of(person.pk)
    minor = _is_minor(person, found, now)
    return {
        purpose
        for purpose, kinds in never.items()
        if (minor and MINORS in kinds) or opened & rules.states_only_of(found.policy, kinds)
    }


def _is_minor(person: Person, found: InForce, now: datetime) -> bool:
    today = now.astimezone(ZoneInfo(found.policy.policy.timezone)).date()
    return rules.is_too_young(person.birth_on, found.effective.majority, today)


def spared_from(purpose: str, *, now: datetime) -> set[UUID]:
    """Return whom the policy spares a purpose because of what they are here: pupils, offers."""
    policy = in_force(now).policy
    states = rules.states_only_of(policy, rules.never_asked(policy, purpose))
    return {person for state in states for person in open_states(state, before=now)}


def is_asked(policy: Policy, purpose: str) -> bool:
    """Whether a policy rests a purpose on consent."""
    return any(each.id == purpose and each.basis.kind == "consent" for each in policy.purpose)


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
