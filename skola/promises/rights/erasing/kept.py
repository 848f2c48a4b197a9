"""Why something stays: the floors behind each part that an erasure left, for the receipt."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps

from skola.promises.policy.api import in_force
from skola.promises.retention.api import Clockwork, Ended, Floor, floors_of
from skola.promises.retention.rules import NEVER

BATCH = 1_000
Line = dict[str, Any]
"""``category``, ``count``, ``until`` (None where nobody knows) and ``reasons``, each with ``id``,
``names`` by language, ``law`` (once or by language) and ``clauses``."""


def kept_lines(ended: list[Ended], *, now: datetime) -> list[Line]:
    """Return what stays, by category, day and reasons; the soonest end first."""
    counts: Counter[tuple[str, datetime, tuple[str, ...]]] = Counter()
    for one in ended:
        for key, floors in _floors(one, now):
            names = tuple(sorted({floor.purpose for floor in floors}))
            counts[one.work.part.category, one.kept[key], names] += 1
    said = _reasons(now)
    return [
        {
            "category": category,
            "count": count,
            "until": until.isoformat() if until < NEVER else None,
            "reasons": [said.get(name) or _hold() for name in names],
        }
        for (category, until, names), count in sorted(
            counts.items(), key=lambda item: (item[0][1], item[0][0], item[0][2])
        )
    ]


def _floors(one: Ended, now: datetime) -> Iterator[tuple[UUID, frozenset[Floor]]]:
    keys = list(one.kept)
    for begin in range(0, len(keys), BATCH):
        yield from floors_of(one.work, _rows(one.work, keys[begin : begin + BATCH]), now=now)


def _rows(work: Clockwork, keys: list[UUID]) -> list[Any]:
    model: Any = apps.get_model(work.declaration.model)
    return list(model._base_manager.filter(pk__in=keys))


def _reasons(now: datetime) -> dict[str, Line]:
    """The rules and purposes of the policy that can be floors."""
    policy = in_force(now).policy
    found: dict[str, Line] = {}
    for purpose in policy.purpose:
        found[purpose.id] = {
            "id": purpose.id,
            "names": dict(purpose.name),
            "law": purpose.basis.law,
            "clauses": list(purpose.clause),
        }
    for rule in policy.retention:
        found[rule.id] = {
            "id": rule.id,
            "names": dict(rule.name),
            "law": rule.at_least.law if rule.at_least else "",
            "clauses": list(rule.clause),
        }
    return found


def _hold() -> Line:
    """A legal hold: its reason stays with the officer (it may speak of others)."""
    return {"id": "hold", "names": {}, "law": "", "clauses": []}
