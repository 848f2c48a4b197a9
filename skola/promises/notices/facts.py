"""What is so: asked of the database, the inventory and the policy's files, all in a few queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q

from skola.ground.audit.api import Entry
from skola.ground.people.api import Person
from skola.promises.connectors.api import unused
from skola.promises.cookies.api import refusals
from skola.promises.inventory.api import declarations
from skola.promises.notices.measures import Installation, look_at_installation
from skola.promises.notices.rules import youngest_birthday
from skola.promises.policy import catalogue
from skola.promises.policy.api import InForce, in_force
from skola.promises.policy.catalogue import Version
from skola.promises.policy.live import offered
from skola.promises.retention.api import facts_for_marks


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored of one category: columns and their tables."""

    columns: int
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a retention rule decides over at a moment."""

    covered: int
    overdue: int
    oldest: datetime | None = None
    next_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the checks compare with the policy."""

    now: datetime
    in_force: InForce
    versions: tuple[Version, ...]
    published: Mapping[str, str]
    """Versions and the hashes that the audit remembers of their publication."""
    held: Mapping[str, Held]
    offered: frozenset[str]
    """Capabilities that rooms of this release stand behind."""
    retention: Mapping[str, Kept]
    """For each retention rule what it covers; empty where nothing was counted."""
    refused_cookies: Mapping[str, int]
    """Cookies that the software tried to set against the policy, and how often."""
    installation: Installation
    people_too_young: int
    people_with_birth_day: int
    unused: frozenset[str] = frozenset()
    """Processors, by id, that do nothing here now."""


def versions_of(tenant: str) -> tuple[Version, ...]:
    """Return every usable version of a tenant's policy, by the moment it takes effect."""
    found, _ = catalogue.versions(Path(settings.POLICIES), tenant, law=Path(settings.LAW))
    return found


def held_by_category() -> dict[str, Held]:
    """Return what this installation can store, by category, from the declarations."""
    columns: dict[str, int] = {}
    tables: dict[str, set[str]] = {}
    for one in declarations():
        for category in one.columns.values():
            columns[category] = columns.get(category, 0) + 1
            tables.setdefault(category, set()).add(one.table)
    return {
        category: Held(count, tuple(sorted(tables[category])))
        for category, count in columns.items()
    }


def gather(now: datetime) -> Facts:
    """Ask everything for the speaking tenant. Raises NoPolicyError when none is in force."""
    found = in_force(now)
    too_young, with_birth_day = _ages(found, now)
    return Facts(
        now=now,
        in_force=found,
        versions=versions_of(found.policy.policy.tenant),
        published=_published(),
        held=held_by_category(),
        offered=offered(),
        retention=_retention(found, now),
        refused_cookies=refusals(),
        installation=look_at_installation(),
        people_too_young=too_young,
        people_with_birth_day=with_birth_day,
        unused=unused(found.policy, now),
    )


def _published() -> dict[str, str]:
    entries = Entry.objects.filter(kind="policy.version.published").order_by("at")
    return {
        str(detail["version"]): str(detail["hash"])
        for detail in entries.values_list("detail", flat=True)
        if {"version", "hash"} <= detail.keys()
    }


def _ages(found: InForce, now: datetime) -> tuple[int, int]:
    """How many people are below the lowest age, and of how many the day of birth is known."""
    minors = found.policy.minors
    if not isinstance(minors.age, int):
        return 0, 0
    today = now.astimezone(ZoneInfo(found.policy.policy.timezone)).date()
    young = Q(birth_on__gt=youngest_birthday(today, minors.age))
    counted = Person.objects.aggregate(young=Count("id", filter=young), known=Count("birth_on"))
    return counted["young"], counted["known"]


def _retention(found: InForce, now: datetime) -> dict[str, Kept]:
    """Ask retention what each rule covers, and what of it is late."""
    known = facts_for_marks([rule.id for rule in found.policy.retention], now=now)
    return {rule: Kept(mark.covered, mark.overdue, mark.oldest) for rule, mark in known.items()}
