"""What the clocks cost, each figure beside its limit in the same run (``python3 run.py bench``).

Run by the owner, who makes the tables and then works in the role of the application, behind the
walls like everybody. The rows have terms that ask for everything: purposes that live with a
contract and an account, a ceiling after the last action of the person, and a child that goes with
each row. Both sides take turns, and the medians are compared.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from django.apps.registry import Apps
from django.db import connection, models, transaction
from msgspec.structs import replace as struct_replace

from skola.ground.db.walls import APP_ROLE, SETTING
from skola.ground.ids import uuid7
from skola.ground.measure import Measure, compared
from skola.ground.tenants.api import Tenant, current_id, inside
from skola.promises.inventory.api import Blank, Declaration, Need, Part, Path
from skola.promises.policy.schema import Purpose, Retention, Then
from skola.promises.retention import triggers
from skola.promises.retention.actions.clocks import as_engine, clock_table, renew
from skola.promises.retention.actions.sweeps import sweep_works
from skola.promises.retention.allowances import Allowance, Allowances
from skola.promises.retention.sql import Clockwork, literal
from skola.promises.retention.terms import Promises

ROWS = 20_000
PEOPLE = 1_000
ROUNDS = 9
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

TABLES = f"""
create table {{part}} (
    tenant_id uuid not null, id uuid not null, person_id uuid not null,
    created_at timestamptz not null, note varchar(300) not null, due_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, person_id) references people_person (tenant_id, id)
        deferrable initially deferred
);
create index on {{part}} (tenant_id, person_id);
create table {{part}}_child (
    tenant_id uuid not null, id uuid not null, part_id uuid not null, body varchar(100) not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, part_id) references {{part}} (tenant_id, id) on delete cascade
        deferrable initially deferred
);
create index on {{part}}_child (tenant_id, part_id);
grant select, insert, update, delete on {{part}}, {{part}}_child to {APP_ROLE};
"""
WALL = f"""
alter table {{table}} enable row level security;
alter table {{table}} force row level security;
create policy tenant on {{table}}
    using (tenant_id = {SETTING}) with check (tenant_id = {SETTING});
"""
DROP = (
    "drop table if exists bench_part_child, bench_part, bench_large_child, bench_large, bench_open"
)

OWN = (
    "audit_entry",
    "audit_head",
    "retention_terms",
    "retention_statefact",
    "retention_fact",
    "people_person",
)
"""Where the measures leave rows of their tenant."""

PART = Declaration(
    model="bench.part",
    table="bench_part",
    subject=Path("person_id", (), ("person_id",)),
    columns={"note": "learning"},
    anchors={"record.created": Path("created_at", (), ("created_at",))},
    parts=(Part("learning", "due_at", (Blank("note", ""),)),),
    needs=(Need("people_person", "person_id"),),
)
LARGE = replace(PART, model="bench.large", table="bench_large")


def measures(only: str = "") -> list[Measure]:
    """Take every measure whose name contains ``only``. Everything made for it is removed again."""
    wanted = [(name, take) for name, take in MEASURES.items() if only in name]
    found = []
    for name, take in wanted:
        with _workshop():
            found.append(take(name))
    return found


# ---- the workshop --------------------------------------------------------------------------------


def promises() -> Promises:
    """The terms of the rows: those of a learning record that a contract keeps."""
    general = {
        "id": "general",
        "categories": ["learning"],
        "clause": ["bench-1"],
        "keep_while": "any purpose alive",
    }
    inactive = {
        "id": "inactive",
        "categories": ["learning"],
        "clause": ["bench-2"],
        "at_most": {
            "period": "1 year",
            "after": {"latest": ["account.last_action", "account.created"]},
            "yields_to": ["contract"],
        },
    }
    purposes = [
        {
            "id": state,
            "name": {"en": state},
            "basis": {"kind": "contract", "art": "6(1)(b)"},
            "categories": ["learning"],
            "alive_while": [state],
        }
        for state in ("contract.open", "account.open")
    ]
    return Promises(
        tuple(msgspec.convert(purposes, list[Purpose])),
        tuple(msgspec.convert([general, inactive], list[Retention])),
        "Europe/Riga",
        "LV",
        "bench",
        "0" * 64,
    )


@contextmanager
def _workshop() -> Iterator[None]:
    """A tenant and tables of our own, removed afterwards with everything in them."""
    _run(DROP)
    with transaction.atomic():
        for one in (PART, LARGE):
            _run(TABLES.format(part=one.table))
            for table in (one.table, f"{one.table}_child"):
                _run(WALL.format(table=table))
            triggers.install_clock(_run, one, one.parts[0])
    tenant = Tenant.objects.create(id=uuid7(), slug=f"bench-{uuid7().hex[-8:]}", created_at=NOW)
    try:
        with inside(tenant.pk):
            yield
    finally:
        _run("reset role")
        _run(DROP)
        with inside(tenant.pk):
            for table in OWN:
                _run(f"delete from {table} where tenant_id = {literal(tenant.pk)}")
        tenant.delete()


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


def _people(number: int) -> None:
    """People whose contract ended and who have not been here for two years."""
    _run(f"""
    insert into people_person (tenant_id, id, given_name, family_name, email, phone, address,
                               language, source, status, created_at)
    select {SETTING}, gen_random_uuid(), 'Ilze', 'Bērziņa', '', '', '', 'lv', 'subject', 'active',
           {literal(NOW)} - interval '5 years' from generate_series(1, {number})
    """)
    _run(f"""
    insert into retention_fact (tenant_id, id, person_id, event, first_at, last_at)
    select tenant_id, gen_random_uuid(), id, event, created_at,
           {literal(NOW)} - interval '2 years' - random() * interval '1 year'
      from people_person, unnest(array['account.created', 'account.last_action',
                                       'account.login']) event
     where tenant_id = {SETTING}
    """)
    _run(f"""
    insert into retention_statefact
           (tenant_id, id, person_id, state, is_open, opened_at, ended_at, is_seen)
    select tenant_id, gen_random_uuid(), id, state, false, created_at,
           {literal(NOW)} - interval '1 year' - random() * interval '1 year', true
      from people_person, unnest(array['contract.open', 'account.open']) state
     where tenant_id = {SETTING}
    """)


def _rows(one: Declaration, number: int) -> None:
    """Rows of these people in random order, each with a child."""
    _run(f"""
    insert into {one.table} (tenant_id, id, person_id, created_at, note)
    select p.tenant_id, gen_random_uuid(), p.id,
           {literal(NOW)} - interval '3 years' - random() * interval '1 year',
           repeat(md5(random()::text), 7)
      from (select *, row_number() over () as n from people_person
             where tenant_id = {SETTING}) p
      join generate_series(1, {number}) g on g % {PEOPLE} = p.n - 1
     order by random()
    """)
    _run(f"""
    insert into {one.table}_child (tenant_id, id, part_id, body)
    select tenant_id, gen_random_uuid(), id, md5(id::text) from {one.table}
     where tenant_id = {SETTING} order by random()
    """)


def _settle(one: Declaration) -> None:
    """Let the tables be as autovacuum keeps them."""
    for table in (one.table, f"{one.table}_child", "retention_fact", "retention_statefact"):
        _run(f"vacuum analyze {table}")


def _count(one: Declaration) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {one.table} where tenant_id = {SETTING}")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


# ---- the measures --------------------------------------------------------------------------------


def sweep_against_delete(name: str) -> Measure:
    """The sweep against one plain DELETE of the same rows, cascade included."""
    terms = promises()
    work = Clockwork(PART, PART.parts[0], terms)
    _people(PEOPLE)
    plain: list[float] = []
    swept: list[float] = []
    for _ in range(ROUNDS):
        for times, remove in ((plain, _plain_delete), (swept, lambda: _sweep(work, terms))):
            _rows(PART, ROWS)
            clock_table(work, now=NOW)
            _settle(PART)
            with _as_application():
                times.append(_timed(remove))
            if _count(PART) != 0:
                raise AssertionError("not every row went")
    return compared(name, swept, plain, 3.0)


def _plain_delete() -> None:
    _run(f"delete from bench_part where due_at <= {literal(NOW)}")


def _sweep(work: Clockwork, terms: Promises) -> None:
    sweep_works((work,), terms, now=NOW, limits=_plenty(work))


def _plenty(work: Clockwork) -> Allowances:
    """As much as anybody may erase; the breaker counts what is due all the same."""
    return Allowances(NOW, {rule.id: Allowance(foreseen=10**9) for rule in work.ceilings})


def idle_sweep(name: str) -> Measure:
    """A sweep that finds nothing due, over ten times the rows and over one time."""
    terms = promises()
    before = NOW - timedelta(days=3650)
    _people(PEOPLE)
    works = []
    for table, rows in ((PART, ROWS // 2), (LARGE, ROWS * 5)):
        work = Clockwork(table, table.parts[0], terms)
        _rows(table, rows)
        clock_table(work, now=NOW)
        _settle(table)
        works.append(work)
    times: list[list[float]] = [[], []]
    with _as_application():
        for _ in range(ROUNDS * 50):
            for taken, work in zip(times, works, strict=True):
                taken.append(_timed(partial(sweep_works, (work,), terms, now=before)))
    return compared(name, times[1], times[0], 1.1)


def walls_on_keyed_reads(name: str) -> Measure:
    """Five hundred objects by key: behind the walls, and where each query names the tenant itself.

    Both as pages read them, through the ORM. The tables have the same rows and the same indexes;
    without walls the application would have to name the tenant, or show everybody's rows.
    """
    _people(PEOPLE)
    _rows(PART, ROWS)
    _run("create table bench_open (like bench_part including indexes)")
    _run(f"grant select on bench_open to {APP_ROLE}")
    _run("insert into bench_open select * from bench_part")
    _settle(PART)
    _run("vacuum analyze bench_open")
    walled, free = _model("bench_part"), _model("bench_open")
    keys = list(walled.objects.order_by("?").values_list("pk", flat=True)[:500])
    times: list[list[float]] = [[], []]
    with _as_application():
        for _ in range(ROUNDS * 6):
            times[0].append(_timed(partial(_read, walled, keys)))
            times[1].append(_timed(partial(_read, free, keys, tenant_id=current_id())))
    return compared(name, times[0], times[1], 1.05)


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
            "created_at": models.DateTimeField(),
            "note": models.CharField(max_length=300),
            "due_at": models.DateTimeField(null=True),
        },
    )


def _read(model: Any, keys: list[UUID], **tenant: UUID) -> None:
    for key in keys:
        model.objects.get(pk=key, **tenant)


def recompute_against_update(name: str) -> Measure:
    """New terms for every row of a table, against an UPDATE of the same column of the same rows.

    The expression has two versions of the policy, of which old data keep the first. The UPDATE puts
    every date off by an hour, so that the computation that follows moves every date as well.
    """
    _people(PEOPLE)
    _rows(PART, ROWS)
    work = Clockwork(PART, PART.parts[0], _changed())
    clock_table(work, now=NOW)
    times: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        steps: tuple[Callable[[], object], ...] = (_move, partial(_recompute, work))
        for kept, step in zip(times, steps, strict=True):
            _settle(PART)
            with _as_application():
                kept.append(_timed(step))
    return compared(name, times[1], times[0], 2.0)


def _changed() -> Promises:
    """A policy that ends data as soon as no purpose lives, after one that left them nine days."""
    terms = promises()
    general, inactive = terms.retention
    old = replace(terms, retention=(struct_replace(general, then=Then(within="9 days")), inactive))
    return replace(terms, effective=NOW - timedelta(days=900), earlier=(old,))


def _recompute(work: Clockwork) -> None:
    moved = renew(work, now=NOW)
    if moved != ROWS:
        raise AssertionError(f"{moved} of {ROWS} dates moved")


def _move() -> None:
    with as_engine(NOW):
        _run("update bench_part set due_at = due_at + interval '1 hour'")


MEASURES: dict[str, Callable[[str], Measure]] = {
    "sweep against DELETE (s)": sweep_against_delete,
    "idle sweep at 10x rows (s)": idle_sweep,
    "keyed, walls against naming the tenant (s)": walls_on_keyed_reads,
    "recompute against UPDATE (s)": recompute_against_update,
}
