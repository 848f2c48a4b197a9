"""The terms in force for the speaking tenant, ready to be executed."""

from datetime import datetime
from functools import lru_cache

from skola.promises.inventory.api import clocked
from skola.promises.policy.api import NoPolicyError, in_force
from skola.promises.policy.schema import Policy
from skola.promises.retention.rules import NEVER
from skola.promises.retention.sql import Clockwork
from skola.promises.retention.terms import Promises, promises_of

_read: dict[int, tuple[Policy, Promises]] = {}


def promises_in_force(now: datetime) -> Promises:
    """Return what the speaking tenant's policy promises at ``now``. Raises NoPolicyError."""
    policy = in_force(now).policy
    known = _read.get(id(policy))
    if known is None or known[0] is not policy:
        if len(_read) > 100:
            _read.clear()
        _read[id(policy)] = known = (policy, promises_of(policy))
    return known[1]


@lru_cache(maxsize=100)
def clockworks(promises: Promises) -> tuple[Clockwork, ...]:
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
