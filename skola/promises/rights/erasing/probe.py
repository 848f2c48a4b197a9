"""Looking for a person everywhere: one look-up along indexes a table and way, in one statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from psycopg.pq import TransactionStatus

from skola.ground.tenants.api import current_id
from skola.promises.rights.plan import Link, Step, plan, where


@dataclass(frozen=True)
class Found:
    """How many rows of a table lead to the person in one way.

    Rows of their own do not count again for what else they are to them.
    """

    step: Step
    link: Link
    count: int


@cache
def _ways() -> tuple[tuple[Step, Link], ...]:
    return tuple((step, link) for step in plan() for link in step.links)


def _count(number: int, step: Step, link: Link) -> str:
    test = theirs(step, link, tenant="k.tenant", person="k.person")
    return f'select {number}, (select count(*) from "{step.table}" where {test}) from k'


def theirs(step: Step, link: Link, *, tenant: str, person: str) -> str:
    """Return the test that a row leads to the person this way, and is not their own by another."""
    test = where(step.declaration, link, tenant=tenant, person=person)
    if link.is_subject or step.subject is None:
        return test
    own = where(step.declaration, step.subject, tenant=tenant, person=person)
    return f"{test} and ({own}) is not true"


@cache
def _statement() -> str:
    """The statement with two placeholders, tenant and person."""
    counts = " union all ".join(_count(n, step, link) for n, (step, link) in enumerate(_ways()))
    return f"with k as (select %s::uuid as tenant, %s::uuid as person) {counts}"


@contextmanager
def one_plan(raw: psycopg.Connection[Any]) -> Iterator[None]:
    """Let the server make the plan of a statement once a connection, from the first time on.

    Planning it takes many times as long as looking, and the plan for any person is as good as one
    for this person; by itself the server would plan it anew five times before it believes that.
    """
    raw.execute("set plan_cache_mode = force_generic_plan")
    try:
        yield
    finally:
        if raw.info.transaction_status != TransactionStatus.INERROR:
            raw.execute("reset plan_cache_mode")


def probe(person_id: UUID) -> list[Found]:
    """Return the ways on which rows of this person are found, in the order of the plan."""
    wrapper: Any = connection
    wrapper.tell()
    raw: psycopg.Connection[Any] = connection.connection
    with one_plan(raw), psycopg.Cursor(raw) as cursor:
        cursor.execute(_statement(), [current_id(), person_id], prepare=True)
        counted: dict[int, int] = dict(cursor.fetchall())
    return [Found(*way, counted[n]) for n, way in enumerate(_ways()) if counted[n]]
