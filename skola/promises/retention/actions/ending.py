"""Ending the parts of one person before their time, because their erasure was granted.

The grant is a fact about the person, and a ceiling of everything that was there by then (``terms``
and ``sql`` read it), so that whatever a hard floor keeps goes with the sweep on the day that floor
ends. Where no hard floor can stand nothing has to be computed, and a part is one short statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from skola.ground.ids import uuid7
from skola.ground.tenants.api import current_id
from skola.promises.inventory.api import Declaration
from skola.promises.retention import statements
from skola.promises.retention.functions import forgetting_name
from skola.promises.retention.models import Fact, Hold, StateFact
from skola.promises.retention.rows import of_tenant
from skola.promises.retention.rules import ANONYMOUS, GONE, Action, FloorClass
from skola.promises.retention.sql import Clockwork, literal, quoted
from skola.promises.retention.terms import ERASURE, GRANTED, Rule, WhileStates

ACCOUNT = "account.open"


@dataclass
class Ended:
    """What became of one person's parts of one category in one table, by the keys of rows."""

    work: Clockwork
    erased: list[UUID] = field(default_factory=list)
    anonymous: list[UUID] = field(default_factory=list)
    """Rows that stay and do not lead to the person any more."""
    kept: dict[UUID, datetime] = field(default_factory=dict)
    """Rows that a hard floor keeps, and until when."""


def record_grant(person_id: UUID, *, at: datetime) -> None:
    """Record that an erasure was granted, which also ends the person's account.

    No stored due date is emptied: who calls this computes anew what stays.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into retention_fact as fact (id, tenant_id, person_id, event, first_at, last_at)
            values (%s, %s, %s, %s, %s, %s)
            on conflict (tenant_id, person_id, event)
            do update set last_at = greatest(fact.last_at, excluded.last_at)
            """,
            [uuid7(), current_id(), person_id, GRANTED, at, at],
        )
    StateFact.objects.filter(person_id=person_id, state=ACCOUNT, is_open=True).update(
        is_open=False, ended_at=at, is_seen=True
    )


def granted_at(person_id: UUID) -> datetime | None:
    """Return when an erasure of the person was last granted; None where none ever was."""
    known = Fact.objects.filter(person_id=person_id, event=GRANTED)
    return known.values_list("last_at", flat=True).first()


def has_holds(person_id: UUID) -> bool:
    """Whether a hold was ever placed on the person, or on any object of this tenant."""
    return Hold.objects.filter(person_id=person_id).exists() or (
        Hold.objects.filter(person=None).exists()
    )


def opened_of(person_id: UUID) -> frozenset[str]:
    """Return the states and conditions that are open for a person as far as facts tell."""
    facts = StateFact.objects.filter(person_id=person_id, is_open=True)
    return frozenset(facts.values_list("state", flat=True))


def end_part(
    work: Clockwork, mine: str, *, holds: bool, opened: frozenset[str], now: datetime
) -> Ended:
    """End a person's parts of one category in one table, but for those that a hard floor keeps.

    ``mine`` is the test that a row of the bare table is the person's, ``opened`` what is open for
    them. Runs inside ``as_engine``.
    """
    ended = Ended(work)
    if not holds and not any(_can_stand(work, floor, opened) for floor in work.floors):
        _act(ended, f"{mine}{_there(work)}", now)
        return ended
    gone: list[UUID] = []
    for key, due in _judge(work, mine, holds=holds, now=now):
        if due <= now:
            gone.append(key)
        else:
            ended.kept[key] = due
    if gone:
        listed = ", ".join(map(literal, gone))
        _act(ended, f"{_key(work.declaration)} = any (array[{listed}])", now)
    return ended


def _can_stand(work: Clockwork, floor: Rule, opened: frozenset[str]) -> bool:
    """Whether a floor may be hard and standing over some row of a person.

    One that stands while a state lasts which only facts tell of does not, unless that is open.
    """
    if floor.cls is not FloorClass.HARD:
        return False
    if isinstance(floor.term, WhileStates):
        states = set(floor.term.states)
        return bool(states & opened) or bool(states & set(work.declaration.states))
    return True


def _key(one: Declaration) -> str:
    return f"{quoted(one.table)}.{quoted(one.key)}"


def _run(text: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchall() if cursor.description else []


def _there(work: Clockwork) -> str:
    """The test that a part is there, where emptied rows can be left."""
    if not work.declaration.stays and not _stays(work):
        return ""
    due = f"{quoted(work.declaration.table)}.{quoted(work.part.due)}"
    return f" and coalesce({due} < {literal(GONE)}, true)"


def _stays(work: Clockwork) -> bool:
    """Whether the row stays without the person, as the policy says of this category's end."""
    action = max(rule.action for rule in work.ceilings if rule.id == ERASURE)
    telling = [column for column in work.part.columns if column.tells]
    able = bool(telling) and all(column.possible for column in telling)
    return able and action < Action.ERASE


def _judge(
    work: Clockwork, mine: str, *, holds: bool, now: datetime
) -> list[tuple[UUID, datetime]]:
    """Return when each row is due, and note of what stays until when and for which purposes."""
    columns, joins = work.told()
    table = quoted(work.declaration.table)
    told = f"select {columns} from {table}{joins} where {mine}{_there(work)} for update of {table}"
    return _run(
        f"with told as materialized ({told}),"
        f" judged as materialized ({_judgement(work, holds)}),"
        f" noted as ({statements.note(work, f'due > {literal(now)}')} returning 1)"
        f" select key, due from judged"
    )


@lru_cache(maxsize=2_000)
def _judgement(work: Clockwork, holds: bool) -> str:
    return work.judged("told", holds=holds, seals=True)


def _act(ended: Ended, test: str, now: datetime) -> None:
    """Empty, anonymise or delete the rows of this test, as table and policy say."""
    work = ended.work
    one, table, due = work.declaration, quoted(work.declaration.table), quoted(work.part.due)
    anonymous, gone = statements.marked(work.part, ANONYMOUS), statements.marked(work.part, GONE)
    test = f"{of_tenant(one, current_id())} and {test}"
    if _stays(work):
        emptied = statements.emptied(work.part, tells_only=True)
        found = _run(f"update {table} set {anonymous}{emptied} where {test} returning {_key(one)}")
        ended.anonymous += [key for (key,) in found]
        return
    if one.stays:
        emptied = statements.emptied(work.part)
        text = f"update {table} set {gone}{emptied} where {test}"
    elif one.may_delete:
        text = f"delete from {table} where {test}"
    else:
        found = _run(
            f"update {table} set {due} = {literal(now)} where {test} returning {_key(one)}"
        )
        listed = ", ".join(literal(key) for (key,) in found)
        if not found:
            return
        text = f"select gone from {forgetting_name(one)}(array[{listed}], {literal(now)}) gone"
        ended.erased += [key for (key,) in _run(text)]
        return
    ended.erased += [key for (key,) in _run(f"{text} returning {_key(one)}")]


def forget_needless_facts(person_id: UUID, kept: Sequence[Clockwork]) -> None:
    """Delete the facts about a person on which no part depends that is kept."""
    events = {GRANTED}.union(*(work.person_events for work in kept)) if kept else set()
    states = set[str]().union(*(work.person_states for work in kept))
    Fact.objects.filter(person_id=person_id).exclude(event__in=events).delete()
    StateFact.objects.filter(person_id=person_id).exclude(state__in=states).delete()
