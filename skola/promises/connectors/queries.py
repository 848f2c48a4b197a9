"""Which connectors the policy has, how each stands, and which processors are not in use."""

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.tenants.api import current_id
from skola.promises.connectors import scrubbing
from skola.promises.connectors.models import Connection, Shipment
from skola.promises.connectors.sending import Address, address_of
from skola.promises.disclosures.api import Party, Standing, Stands, stands
from skola.promises.policy.api import Policy, in_force
from skola.promises.policy.connectors import CONNECTORS
from skola.promises.policy.schema import Processor

UNDER_WAY = frozenset({"hosting", "mail-sending", "cloud-office"})
"""What the service runs on: in use as the policy says, until somebody says otherwise."""
CONTACTS, ERRORS, PROBLEMS, ANALYSIS, MAIL, OFFICE, HOSTING = (
    "contact-register",
    "error-logging",
    "bug-reporting",
    "usage-analysis",
    "mail-sending",
    "cloud-office",
    "hosting",
)
LISTED = frozenset({Standing.ACTIVE, Standing.ANNOUNCED})

REMEMBER_SECONDS = 10
_remembered: dict[UUID, tuple[float, frozenset[str]]] = {}


@dataclass(frozen=True)
class Otherwise:
    """Another way by which a processor is told something: whether it is used, and how it ends."""

    is_used: Callable[[Processor], bool]
    stop: Callable[[Processor, str, datetime], None]


_otherwise: list[Otherwise] = []


def also_by(way: Otherwise) -> Otherwise:
    """Have a room tell of a way of its own to a processor; switching off ends that, too."""
    _otherwise.append(way)
    return way


def ways_of(processor: Processor) -> list[Otherwise]:
    """Return the other ways by which a processor is told something now."""
    return [one for one in _otherwise if one.is_used(processor)]


def processors(policy: Policy) -> dict[str, Processor]:
    """Return who does which task with a connector, in the order of the vocabulary."""
    found = {one.task: one for one in policy.processor if one.task in CONNECTORS}
    return {task: found[task] for task in CONNECTORS if task in found}


@dataclass(frozen=True)
class Connector:
    """One task of the policy: who does it, whether it is switched on, and what it needs."""

    task: str
    processor: Processor
    row: Connection | None
    found: Stands | None
    """Who it is by name, the best of those in the register; None where nobody is."""
    address: Address | None
    otherwise: bool

    @property
    def is_call(self) -> bool:
        """Whether something is sent each time; the service runs on the others."""
        return self.task not in UNDER_WAY

    @property
    def is_on(self) -> bool:
        """Whether it is switched on; what the service runs on is so until somebody says no."""
        return self.row.is_on if self.row else not self.is_call

    @property
    def holds(self) -> bool:
        """Whether something of ours lies there still, though it is switched off."""
        return self.row is not None and self.row.holds

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is missing before it can be switched on, in words of ``wording``."""
        if not self.is_call:
            return ()
        found = []
        if self.address is None:
            found.append("address")
        if self.found is None:
            found.append("party")
        elif self.found.standing not in LISTED:
            found.append("papers")
        return tuple(found)

    @property
    def sends(self) -> bool:
        """Whether something leaves by it at this moment."""
        active = self.found is not None and self.found.standing is Standing.ACTIVE
        return self.is_on and active and self.address is not None

    @property
    def is_used(self) -> bool:
        """Whether people are told of it."""
        if not self.is_call:
            return self.is_on or self.holds
        there = self.found is not None and self.found.standing in LISTED
        return (self.is_on and there) or self.otherwise


def connectors(now: datetime) -> list[Connector]:
    """Return every connector of the policy in force, with how it stands."""
    policy = in_force(now).policy
    named = processors(policy)
    rows = {one.task: one for one in Connection.objects.all()}
    parties = _parties(policy, named.values(), now)
    return [
        Connector(
            task,
            one,
            rows.get(task),
            parties.get(f"processor.{one.id}"),
            address_of(task),
            bool(ways_of(one)),
        )
        for task, one in named.items()
    ]


def connector(task: str, now: datetime) -> Connector | None:
    """Return one connector; None where the policy has no processor for the task."""
    policy = in_force(now).policy
    one = processors(policy).get(task)
    if one is None:
        return None
    parties = _parties(policy, [one], now)
    return Connector(
        task,
        one,
        Connection.objects.filter(task=task).first(),
        parties.get(f"processor.{one.id}"),
        address_of(task),
        bool(ways_of(one)),
    )


def _parties(policy: Policy, named: Iterable[Processor], now: datetime) -> dict[str, Stands]:
    """Who stands in the register for each, those first to whom something can be sent."""
    order = {Standing.ACTIVE: 0, Standing.ANNOUNCED: 1, Standing.PREPARED: 2}
    rules = [f"processor.{one.id}" for one in named]
    found: dict[str, Stands] = {}
    there = Party.objects.there().filter(entry__in=rules).prefetch_related("papers")
    for party in there.order_by("name"):
        one = stands(policy, party, now)
        best = found.get(party.entry)
        if best is None or order.get(one.standing, 3) < order.get(best.standing, 3):
            found[party.entry] = one
    return found


def unused(policy: Policy, now: datetime) -> frozenset[str]:
    """Return the processors, by id, that the policy names and that do nothing here now (ema-2.4).

    Only those with a connector are known; of the others the policy's word stands.
    """
    named = processors(policy)
    if not named:
        return frozenset()
    rows = Connection.objects.values_list("task", "is_on", "holds")
    switched = {task: is_on or holds for task, is_on, holds in rows}
    asked = [one for task, one in named.items() if task not in UNDER_WAY and switched.get(task)]
    parties = _parties(policy, asked, now) if asked else {}
    found = set()
    for task, one in named.items():
        if task in UNDER_WAY:
            is_used = switched.get(task, True)
        else:
            party = parties.get(f"processor.{one.id}")
            is_used = (party is not None and party.standing in LISTED) or bool(ways_of(one))
        if not is_used:
            found.add(one.id)
    return frozenset(found)


def unused_lately(policy: Policy, now: datetime) -> frozenset[str]:
    """Return the same for what stands on every page: asked once in ten seconds."""
    tenant = current_id()
    known = _remembered.get(tenant)
    if known is None or known[0] < time.monotonic():
        known = (time.monotonic() + REMEMBER_SECONDS, unused(policy, now))
        _remembered[tenant] = known
    return known[1]


def forget_remembered() -> None:
    """Forget what was remembered, for something was switched."""
    _remembered.pop(current_id(), None)


def start_of_day(now: datetime) -> datetime:
    """Return the beginning of the tenant's day."""
    local = now.astimezone(ZoneInfo(in_force(now).policy.policy.timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def has_any(now: datetime) -> bool:
    """Whether the policy has a processor with a connector; asks no database."""
    return bool(processors(in_force(now).policy))


def is_named(task: str, now: datetime) -> bool:
    """Whether the policy has a processor for a task; asks no database."""
    return task in processors(in_force(now).policy)


def waiting() -> dict[str, int]:
    """Return how much waits to leave, by task."""
    found: dict[str, int] = {}
    for task in Shipment.objects.values_list("task", flat=True):
        found[task] = found.get(task, 0) + 1
    return found


@cache
def release() -> str:
    """Return the version of the software."""
    try:
        return version("skola")
    except PackageNotFoundError:
        return "0.1.0"


@reading_for(ENGINE)
def names_in(words: str) -> Collection[str]:
    """Return the names of people known here that may stand in a text, in any case.

    Restricted people are among them: this is read to take them out.
    """
    whole, begun = scrubbing.tokens(words)
    if not whole:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select distinct part
              from people_person,
                   unnest(regexp_split_to_array(
                       lower(given_name || ' ' || family_name), '[^[:alpha:]]+')) part
             where length(part) >= %(shortest)s
               and (translate(part, %(accents)s, %(plain)s) = any(%(whole)s)
                    or left(translate(part, %(accents)s, %(plain)s), %(shortest)s) = any(%(begun)s))
            """,
            {
                "shortest": scrubbing.SHORTEST,
                "accents": _ACCENTS,
                "plain": _PLAIN,
                "whole": sorted(whole),
                "begun": sorted(begun),
            },
        )
        return [row[0] for row in cursor.fetchall()]


_ACCENTS = "āčēģīķļņōŗšūžąęėįųõäöüåéèáàóòíìúùâêîôûëïñçćńśźżřěýďťů"
_PLAIN = "".join(map(scrubbing.plain, _ACCENTS))
