"""What is held about a person, by category: how many records, and until when. One statement.

The same look-ups as those of erasure and of copies, counted.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from skola.ground.tenants.api import current_id
from skola.promises.inventory.api import Declaration
from skola.promises.retention.rules import NEVER
from skola.promises.rights.access import words
from skola.promises.rights.erasing.probe import one_plan
from skola.promises.rights.plan import Step, plan, where

_KNOWN = "timestamptz '9999-01-01'"
_GONE = "timestamptz '9999-12-31'"


@dataclass(frozen=True)
class Held:
    """The records of one category that are about a person."""

    category: str
    records: tuple[tuple[str, int], ...]
    """What they are called, in the active language, and how many there are of each."""
    first_at: datetime | None
    """When the first of them goes; None where no day is known."""
    last_at: datetime | None
    """When the last of those goes of which a day is known."""
    open_ended: bool
    """Whether some have no day: what keeps them has not ended."""
    sealed: int = 0
    """How many are kept for some purposes only, and used for nothing else."""
    sealed_for: tuple[tuple[str, datetime | None], ...] = ()
    """These purposes, and until when the last record is kept for each; None where no day is known.
    """

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(number for _name, number in self.records)


def held(person_id: UUID) -> list[Held]:
    """Return what is held about somebody, by category, most records first."""
    wrapper: Any = connection
    wrapper.tell()
    raw: psycopg.Connection[Any] = connection.connection
    with one_plan(raw), psycopg.Cursor(raw) as cursor:
        cursor.execute(_statement(), [current_id(), person_id], prepare=True)
        rows = cursor.fetchall()
    found: dict[str, list[tuple[str, tuple[Any, ...]]]] = {}
    for number, *told in rows:
        model, category = _places()[number]
        if told[0]:
            found.setdefault(category, []).append((model, tuple(told)))
    made = [_held(category, lines) for category, lines in found.items()]
    return sorted(made, key=lambda one: (-one.count, one.category))


def _held(category: str, lines: list[tuple[str, tuple[Any, ...]]]) -> Held:
    firsts = [told[1] for _model, told in lines if told[1]]
    lasts = [told[2] for _model, told in lines if told[2]]
    ends: dict[str, datetime] = {}
    for _model, told in lines:
        for word, end in (pair for kept in json.loads(told[5] or "[]") for pair in kept.items()):
            until = datetime.fromisoformat(end)
            ends[word] = max(until, ends.get(word, until))
    return Held(
        category,
        tuple((words.record(model), told[0]) for model, told in lines),
        min(firsts, default=None),
        max(lasts, default=None),
        any(told[3] for _model, told in lines),
        sum(told[4] for _model, told in lines),
        tuple((word, end if end < NEVER else None) for word, end in sorted(ends.items())),
    )


@cache
def _parts() -> tuple[tuple[Step, str], ...]:
    return tuple(
        (step, category)
        for step in plan()
        if step.subject is not None
        for category in dict.fromkeys(step.declaration.columns.values())
    )


@cache
def _places() -> tuple[tuple[str, str], ...]:
    return tuple((step.declaration.model, category) for step, category in _parts())


@cache
def _statement() -> str:
    """The statement with two placeholders, tenant and person."""
    looks = " union all ".join(_looks())
    return f"with k as (select %s::uuid as tenant, %s::uuid as person) {looks}"


def _looks() -> Iterator[str]:
    for number, (step, category) in enumerate(_parts()):
        assert step.subject is not None
        test = where(step.declaration, step.subject, tenant="k.tenant", person="k.person")
        if until := step.declaration.withheld:
            test += f' and ("{until}" is null or "{until}" <= (select gate_moment()))'
        due = _due(step.declaration, category)
        there = f"({due} is null or {due} < {_GONE})" if due else "true"
        told = (
            f"min({due}) filter (where {due} < {_KNOWN}), max({due}) filter (where {due} <"
            f" {_KNOWN}), count(*) filter (where {due} is null or {due} >= {_KNOWN}),"
            f" {_sealed(step.declaration, category)}"
            if due
            else "null::timestamptz, null::timestamptz, 0, 0, null::jsonb"
        )
        yield (
            f"select {number}, one.* from k, lateral (select count(*), {told}"
            f' from "{step.table}" where {test} and {there}) one'
        )


def _sealed(one: Declaration, category: str) -> str:
    """How many records of a part are sealed, and for what they are kept."""
    part = one.part(category)
    if part.expires:
        return "0, null::jsonb"
    seal, kept = f'"{one.table}"."{part.seal}"', f'"{one.table}"."{part.kept}"'
    here = f"filter (where {seal} <= (select gate_moment()))"
    return f"count(*) {here}, jsonb_agg(distinct {kept}) {here}"


def _due(one: Declaration, category: str) -> str:
    """The column with the end of a part; empty where the row goes with another."""
    for part in one.parts:
        if part.category == category:
            return f'"{one.table}"."{part.due}"'
    return ""
