"""Groups of categories: a rule that names one is about each of its parts (learnifier-2.e).

A group is written out before anything else reads the policy, so it acts on all of its parts in
every rule alike: purposes, terms, locks, recipients.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from skola.promises.policy.source import Source

GROUPS = "category_group"
LISTS = frozenset({"categories", "counts"})
"""Keys with lists of categories."""


def written_out(source: Source) -> Source:
    """Return the source with the parts of each group in the place of the group."""
    parts = _parts(source.raw.get(GROUPS))
    if not parts:
        return source
    raw = {
        table: said if table == GROUPS else _walk(said, parts) for table, said in source.raw.items()
    }
    return replace(source, raw=raw)


def _parts(said: object) -> dict[str, list[Any]]:
    """The parts by group; what is not written as a group is left to the check of the shape."""
    groups = said if isinstance(said, list) else []
    return {
        one["id"]: one["categories"]
        for one in groups
        if isinstance(one, dict)
        and isinstance(one.get("id"), str)
        and isinstance(one.get("categories"), list)
    }


def _walk(said: Any, parts: Mapping[str, list[Any]]) -> Any:
    if isinstance(said, list):
        return [_walk(one, parts) for one in said]
    if not isinstance(said, dict):
        return said
    return {
        key: _listed(value, parts)
        if key in LISTS and isinstance(value, list)
        else _walk(value, parts)
        for key, value in said.items()
    }


def _listed(said: list[Any], parts: Mapping[str, list[Any]]) -> list[Any]:
    """The list with each group replaced by its parts, each category once."""
    found: list[Any] = []
    for one in said:
        own = parts.get(one, [one]) if isinstance(one, str) else [one]
        found.extend(each for each in own if each not in found)
    return found
