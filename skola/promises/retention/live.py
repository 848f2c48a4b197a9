"""The terms in force for the speaking tenant, ready to be executed."""

from datetime import datetime
from functools import lru_cache

from msgspec.structs import replace

from skola.promises.inventory.api import clocked
from skola.promises.policy.api import NoPolicyError, before, in_force, under_law
from skola.promises.policy.schema import Policy
from skola.promises.retention.rules import NEVER
from skola.promises.retention.sql import Clockwork
from skola.promises.retention.terms import Promises, promises_of

_read: dict[tuple[int, ...], tuple[tuple[Policy, ...], Promises]] = {}


def promises_in_force(now: datetime) -> Promises:
    """Return what the speaking tenant's policy promises at ``now``. Raises NoPolicyError.

    With it comes what earlier versions promised of the data that were collected under them.
    """
    found = in_force(now)
    return _chained((*(each.effective.policy for each in found.earlier), found.policy))


def promises_after(change: Policy, now: datetime) -> Promises:
    """Return what would be promised once ``change`` is in force, exactly as it would be executed.

    ``change`` is a policy as its file says, published or not; the law is applied to it, and the
    tenant's versions that take effect before it, announced ones too, keep their say over old data.
    It binds from its ``effective`` on, or from ``now`` where that has passed.
    """
    head = change.policy
    if head.effective < now:
        change = replace(change, policy=replace(head, effective=now))
    earlier = (each.effective.policy for each in before(change))
    return _chained((*earlier, under_law(change)))


def _chained(policies: tuple[Policy, ...]) -> Promises:
    """Return the promises of the last of these, read once as long as they are the same objects."""
    key = tuple(id(policy) for policy in policies)
    known = _read.get(key)
    if known is None:
        if len(_read) > 100:
            _read.clear()
        earlier = tuple(promises_of(policy) for policy in policies[:-1])
        _read[key] = known = (policies, promises_of(policies[-1], earlier))
    return known[1]


@lru_cache(maxsize=100)
def clockworks(promises: Promises) -> tuple[Clockwork, ...]:
    """Return the clock of every part of every table, and keep it for the next time."""
    return clockworks_of(promises)


def clockworks_of(promises: Promises) -> tuple[Clockwork, ...]:
    """Return the clock of every part of every table. Rows that others need come last."""
    found = [
        Clockwork(declaration, part, promises)
        for declaration in sorted(clocked(), key=lambda one: (bool(one.needed_by), one.table))
        for part in declaration.parts
        if not part.expires
    ]
    return tuple(found)


def clockwork_of(promises: Promises, table: str, category: str | None) -> Clockwork | None:
    """Return the clock of a category in a table; without a category, the only or first one."""
    for work in clockworks(promises):
        if work.declaration.table == table and category in (None, work.part.category):
            return work
    return None


def promises_known(at: datetime) -> tuple[Promises, ...]:
    """Return the terms in force at ``at``, if any, and those of the newest version."""
    found: list[Promises] = []
    for moment in (at, NEVER):
        try:
            promises = promises_in_force(moment)
        except NoPolicyError:
            continue
        if promises not in found:
            found.append(promises)
    return tuple(found)
