"""What hiding costs, each figure beside the same reading of a twin table without any policy.

Run by the owner, who makes the tables and then reads in the role of the application (``python3
run.py bench``). The tables have the same columns, indexes and rows; the twin has no row security.
One has the tenant's wall alone; one beside it the policies of a table with a person, one those of a
table whose rows go with a parent. Nobody is restricted, or fifty people are. By key, rows are read
through the ORM as pages read them, and for a scan every row is counted.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.db import connection, models

from skola.ground.db.walls import APP_ROLE, SETTING
from skola.ground.ids import uuid7
from skola.ground.measure import Measure, compared
from skola.ground.people.api import Person
from skola.ground.tenants.api import Tenant, inside
from skola.promises.gate.models import Restriction
from skola.promises.gate.policies import install_on
from skola.promises.inventory.api import Hop, declaration_of

ROWS = 20_000
PEOPLE = 1_000
KEYS = 100
KEYED_ROUNDS = 25
SCAN_ROUNDS = 25
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

PLAIN, WALLED, GATED, CHILD = "bench_plain", "bench_walled", "bench_gated", "bench_gated_child"
TABLE = f"""
create table {{table}} (
    tenant_id uuid not null, id uuid not null, person_id uuid not null, parent_id uuid not null,
    note varchar(300) not null, due_at timestamptz, seal_at timestamptz, sealed_for jsonb,
    primary key (tenant_id, id)
);
create index on {{table}} (tenant_id, person_id);
grant select on {{table}} to {APP_ROLE};
"""
WALL = f"""
alter table {{table}} enable row level security;
alter table {{table}} force row level security;
create policy tenant on {{table}}
    using (tenant_id = {SETTING}) with check (tenant_id = {SETTING});
"""
DROP = f"drop table if exists {CHILD}, {GATED}, {WALLED}, {PLAIN}"


@dataclass(frozen=True)
class Reading:
    table: str
    restricted: int
    is_scan: bool
    goal: float


READINGS = {
    "keyed read, no policies": Reading(WALLED, 0, False, 1.05),
    "scan, no policies": Reading(WALLED, 0, True, 1.15),
    "gate keyed, nobody restricted": Reading(GATED, 0, False, 1.05),
    "gate keyed, 50 restricted": Reading(GATED, 50, False, 1.05),
    "gate keyed with a parent, nobody restricted": Reading(CHILD, 0, False, 1.05),
    "gate scan, nobody restricted": Reading(GATED, 0, True, 1.4),
    "gate scan, 50 restricted": Reading(GATED, 50, True, 1.4),
    "gate scan with a parent, nobody restricted": Reading(CHILD, 0, True, 1.4),
}
"""The first two: the tenant's wall alone, beside no policies."""


def measures(only: str = "") -> list[Measure]:
    """Take every measure whose name contains ``only``. Everything made for it is removed again."""
    wanted = {name: reading for name, reading in READINGS.items() if only in name}
    if not wanted:
        return []
    with _workshop():
        return [_measure(f"{name} (s)", reading) for name, reading in wanted.items()]


def _measure(name: str, reading: Reading) -> Measure:
    _restrict(reading.restricted)
    with _as_application():
        if reading.is_scan:
            looks = [partial(_scan, table) for table in (reading.table, PLAIN)]
        else:
            sides = [_model(table) for table in (reading.table, PLAIN)]
            keys = list(sides[0].objects.order_by("?").values_list("pk", flat=True)[:KEYS])
            looks = [partial(_read, side, keys) for side in sides]
        times: list[list[float]] = [[], []]
        for _ in range(SCAN_ROUNDS if reading.is_scan else KEYED_ROUNDS):
            for kept, look in zip(times, looks, strict=True):
                kept.append(_timed(look))
    return compared(name, times[0], times[1], reading.goal)


@contextmanager
def _workshop() -> Iterator[None]:
    """A tenant with people and tables of its own, removed afterwards."""
    _run(DROP)
    tenant = Tenant.objects.create(id=uuid7(), slug=f"bench-{uuid7().hex[-8:]}", created_at=NOW)
    try:
        with inside(tenant.pk):
            _fill()
            yield
    finally:
        _run("reset role")
        _run(DROP)
        with inside(tenant.pk):
            for table in ("gate_restriction", "people_role", "people_person"):
                _run(f"delete from {table} where tenant_id = {SETTING}")
        tenant.delete()


def _fill() -> None:
    _run(f"""
    insert into people_person (tenant_id, id, given_name, family_name, email, phone, address,
                               language, source, status, created_at)
    select {SETTING}, gen_random_uuid(), 'Ilze', 'Bērziņa', '', '', '', 'lv', 'subject', 'active',
           '{NOW.isoformat()}' from generate_series(1, {PEOPLE})
    """)
    for table in (PLAIN, WALLED, GATED, CHILD):
        _run(TABLE.format(table=table))
    _run(f"""
    insert into {PLAIN} (tenant_id, id, person_id, parent_id, note)
    select p.tenant_id, g.id, p.id, g.id, repeat(md5(random()::text), 7)
      from (select *, row_number() over () as n from people_person
             where tenant_id = {SETTING}) p
      join (select n, gen_random_uuid() as id from generate_series(1, {ROWS}) n) g
        on g.n % {PEOPLE} = p.n - 1
     order by random()
    """)
    for table in (WALLED, GATED, CHILD):
        _run(f"insert into {table} select * from {PLAIN}")
        _run(WALL.format(table=table))
    role = declaration_of("people_role")
    install_on(_run, replace(role, table=GATED))
    _run(f"""
    insert into people_role (tenant_id, id, person_id, kind, scope, starts_at, is_unsigned)
    select tenant_id, id, person_id, 'learner', '', '{NOW.isoformat()}', false
      from {PLAIN}
    """)
    _run("analyze people_role")
    parent = Hop("parent_id", "people_role")
    install_on(
        _run, replace(role, table=CHILD, subject=None, parts=(), relations={}, goes_with=parent)
    )
    for table in (PLAIN, WALLED, GATED, CHILD):
        _run(f"vacuum analyze {table}")


def _restrict(number: int) -> None:
    """Let restrictions run on this many people, and no others."""
    _run(f"delete from gate_restriction where tenant_id = {SETTING}")
    people = Person.objects.values_list("pk", flat=True)[:number]
    Restriction.objects.bulk_create(
        Restriction(person_id=one, ref=one, reason="bench", owner="system", since_at=NOW)
        for one in people
    )
    _run("vacuum analyze gate_restriction")


def _run(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


@contextmanager
def _as_application() -> Iterator[None]:
    _run(f"set role {APP_ROLE}")
    try:
        yield
    finally:
        _run("reset role")


def _model(table: str) -> Any:
    """A model of a bench table, in a registry of its own: it is no part of the product."""
    meta = type("Meta", (), {"app_label": "bench", "db_table": table, "apps": Apps()})
    return type(
        table.title().replace("_", ""),
        (models.Model,),
        {
            "__module__": __name__,
            "Meta": meta,
            "id": models.UUIDField(primary_key=True),
            "tenant_id": models.UUIDField(),
            "person_id": models.UUIDField(),
            "parent_id": models.UUIDField(),
            "note": models.CharField(max_length=300),
        },
    )


def _read(model: Any, keys: list[UUID]) -> None:
    for key in keys:
        model.objects.get(pk=key)


def _scan(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(note) from {table}")
        cursor.fetchall()


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
