"""What the database itself does for the clocks; installed after every ``migrate``, safe to repeat.

* A due date is emptied when a column it depends on changes, and on insertion, whoever writes:
  rooms, libraries, bulk updates. Only the engine fills it (it says so in the setting
  ``skola.clocking``).
* Two partial indexes per due date: what is due in order of time, and what waits to be clocked.
* Functions for what is asked of every table (see ``functions``).
* Dead rows are bounded: autovacuum begins early, and from PostgreSQL 17 on the sweep may vacuum.
* An account that is made or removed is a fact about its person, whoever makes or removes it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from skola.ground.db.purposes import MOMENT
from skola.ground.db.walls import APP_ROLE
from skola.promises.inventory.api import Declaration, Part, Path, clocked
from skola.promises.retention.functions import asking, functions_of
from skola.promises.retention.rules import GONE
from skola.promises.retention.sql import literal, quoted

PREFIX = "retention_"
_ENGINE = "current_setting('skola.clocking', true) is distinct from 'on'"

ACCOUNTS = """
create or replace function retention_account_made() returns trigger language plpgsql as $$
begin
    insert into retention_fact (id, tenant_id, person_id, event, first_at, last_at)
    values (gen_random_uuid(), new.tenant_id, new.person_id, 'account.created',
            new.created_at, new.created_at)
    on conflict (tenant_id, person_id, event) do nothing;
    insert into retention_statefact (id, tenant_id, person_id, state, is_open, opened_at, is_seen)
    values (gen_random_uuid(), new.tenant_id, new.person_id, 'account.open', true, new.created_at,
            true)
    on conflict (tenant_id, person_id, state)
    do update set is_open = true, opened_at = excluded.opened_at;
    return null;
end $$;
create or replace function retention_account_removed() returns trigger language plpgsql as $$
begin
    update retention_statefact
       set is_open = false, is_seen = false,
           ended_at = coalesce(nullif(current_setting('skola.now', true), '')::timestamptz,
                               clock_timestamp())
     where tenant_id = old.tenant_id and person_id = old.person_id
       and state = 'account.open' and is_open;
    return null;
end $$;
drop trigger if exists retention_made on people_account;
create trigger retention_made after insert on people_account
    for each row execute function retention_account_made();
drop trigger if exists retention_removed on people_account;
create trigger retention_removed after delete on people_account
    for each row execute function retention_account_removed();
"""


def install_after_migrate(sender: AppConfig, using: str, **_: Any) -> None:
    """Run once per ``migrate``, after the last app and after the walls."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.label == last.label:
        with transaction.atomic(using=using):
            install(connections[using])


def drop_before_migrate(
    sender: AppConfig, using: str, plan: Sequence[object] = (), **_: Any
) -> None:
    """Run once before migrations: no column can change its type while a trigger names it."""
    first = next(config for config in apps.get_app_configs() if config.models_module is not None)
    if plan and sender.label == first.label:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            _drop_triggers(cursor)


def install(connection: BaseDatabaseWrapper) -> None:
    """Bring triggers, indexes and functions of every clocked table into shape."""
    with connection.cursor() as cursor:
        run: Callable[..., Any] = cursor.execute
        _drop_triggers(cursor)
        _drop_functions(cursor)
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        present = {name for (name,) in cursor.fetchall()}
        for declaration in clocked():
            if declaration.table not in present:
                continue
            for part in declaration.parts:
                if part.expires:
                    continue
                install_clock(run, declaration, part)
            for statement in functions_of(declaration):
                run(statement)
            _bound_dead_rows(run, declaration, connection)
        run(ACCOUNTS)


def _bound_dead_rows(
    run: Callable[..., Any], declaration: Declaration, connection: BaseDatabaseWrapper
) -> None:
    """Let autovacuum begin at 50 dead rows and a fiftieth of the table, and the sweep before it."""
    table = quoted(declaration.table)
    bound = "autovacuum_vacuum_threshold = 50, autovacuum_vacuum_scale_factor = 0.02"
    run(f"alter table {table} set ({bound})")
    server: Any = connection
    if server.pg_version >= 170_000:
        run(f"grant maintain on {table} to {APP_ROLE}")


def install_clock(run: Callable[..., Any], declaration: Declaration, part: Part) -> None:
    """Give one part of one table its indexes, triggers and the function that answers of it."""
    _seal_columns(run, declaration, part)
    _index(run, declaration, part)
    run(_trigger(declaration, part))
    run(asking(declaration, part))
    for statement in _distant_triggers(declaration, part):
        run(statement)


def _drop_triggers(cursor: Any) -> None:
    """Drop the triggers of declarations that may have changed or gone."""
    cursor.execute(
        "select tgrelid::regclass::text, tgname from pg_trigger"
        " where tgname like 'retention\\_%' and not tgisinternal"
    )
    for table, name in cursor.fetchall():
        cursor.execute(f"drop trigger {quoted(name)} on {table}")


def _drop_functions(cursor: Any) -> None:
    """Drop what answers for tables: a function cannot change what it is given or returns."""
    cursor.execute(
        "select oid::regprocedure::text from pg_proc"
        " where pronamespace = 'public'::regnamespace"
        " and (proname like 'retention\\_asked\\_%' or proname like 'retention\\_remove\\_%')"
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f"drop function {name}")


def _seal_columns(run: Callable[..., Any], declaration: Declaration, part: Part) -> None:
    """Add the columns of the seal where no model has them; nobody but the engine writes them."""
    table = quoted(declaration.table)
    run(f"""
    do $$ begin
        if not exists (select from pg_attribute where attrelid = {literal(table)}::regclass
                          and attname = {literal(part.kept)} and not attisdropped) then
            alter table {table} add column if not exists {quoted(part.seal)} timestamptz,
                                add column if not exists {quoted(part.kept)} jsonb;
        end if;
    end $$;
    grant update ({quoted(part.seal)}, {quoted(part.kept)}) on {table} to {APP_ROLE};
    """)


def _index(run: Callable[..., Any], declaration: Declaration, part: Part) -> None:
    table, due = quoted(declaration.table), quoted(part.due)
    lead = "tenant_id, " if declaration.has_tenant else ""
    key = quoted(declaration.key)
    name = f"{PREFIX}{declaration.table}_{part.due}"[:58]
    run(
        f"create index if not exists {quoted(name)} on {table} ({lead}{due}, {key})"
        f" where {due} is not null"
    )
    run(
        f"create index if not exists {quoted(name + '_new')} on {table} ({lead}{key})"
        f" where {due} is null"
    )
    name = f"{PREFIX}{declaration.table}_{part.seal}"[:63]
    run(
        f"create index if not exists {quoted(name)} on {table} ({lead}{quoted(part.seal)}, {key})"
        f" where {quoted(part.seal)} is not null"
    )


def watched(declaration: Declaration) -> tuple[str, ...]:
    """Return the row's own columns on which its due dates depend."""
    found: list[str] = []
    paths = [*declaration.anchors.values(), *declaration.states.values()]
    paths += [one for one in declaration.conditions.values() if isinstance(one, Path)]
    if declaration.subject is not None:
        paths.append(declaration.subject)
    for path in paths:
        found.append(path.hops[0].column if path.hops else path.column)
    for condition in declaration.conditions.values():
        if isinstance(condition, Path):
            continue
        found += sorted(_columns_of(declaration, condition))
    return tuple(dict.fromkeys(one for one in found if one != declaration.key))


def _columns_of(declaration: Declaration, condition: Any) -> Iterator[str]:
    model = apps.get_model(declaration.model)
    for child in condition.children:
        if isinstance(child, tuple):
            yield str(model._meta.get_field(child[0].split("__")[0]).column)
        else:
            yield from _columns_of(declaration, child)


def _trigger(declaration: Declaration, part: Part) -> str:
    """Empty the due date on insertion, on a change of what it depends on, and on foreign hands.

    What is sealed stays so until it is computed again.
    """
    table, due = quoted(declaration.table), quoted(part.due)
    name = f"{PREFIX}clock_{part.due}"
    changed = [
        f"old.{quoted(one)} is distinct from new.{quoted(one)}" for one in (part.due, part.seal)
    ]
    changed += [
        f"old.{quoted(one)} is distinct from new.{quoted(one)}" for one in watched(declaration)
    ]
    own = [quoted(one.column) for one in part.columns if one.column not in watched(declaration)]
    if (declaration.needed_by and own) or len(declaration.parts) > 1:
        differs = " or ".join(f"old.{one} is distinct from new.{one}" for one in own)
        if differs:  # somebody writes into a part that was gone: it begins anew
            changed.append(f"(old.{due} = {literal(GONE)} and ({differs}))")
    seal = (part.seal, part.kept)
    nothing = " ".join(f"new.{quoted(column)} := null;" for column in seal)
    as_it_was = " ".join(f"new.{quoted(one)} := old.{quoted(one)};" for one in seal)
    return f"""
    create or replace function {name}() returns trigger language plpgsql as
    $$ begin
        new.{due} := null;
        if tg_op = 'INSERT' then {nothing} else {as_it_was} end if;
        return new;
    end $$;
    create trigger {name}_new before insert on {table}
        for each row when (new.{due} is not null or new.{quoted(part.seal)} is not null)
        execute function {name}();
    create trigger {name} before update on {table}
        for each row when ({_ENGINE} and ({" or ".join(changed)}))
        execute function {name}();
    """


def _distant_triggers(declaration: Declaration, part: Part) -> Iterator[str]:
    """Empty due dates when a column far along a foreign key changes on which they depend.

    Not where they have passed: what is gone is not revived, nor shown again until a sweep.
    """
    table, due = quoted(declaration.table), quoted(part.due)
    seen: dict[tuple[str, tuple[Any, ...]], set[str]] = {}
    paths = [*declaration.anchors.values(), *declaration.states.values()]
    paths += [one for one in declaration.conditions.values() if isinstance(one, Path)]
    for path in paths:
        for depth in range(1, len(path.hops) + 1):
            last = depth == len(path.hops)
            column = path.column if last else path.hops[depth].column
            hops = path.hops[:depth]
            seen.setdefault((hops[-1].table, hops), set()).add(column)
    for number, ((far, hops), columns) in enumerate(sorted(seen.items(), key=repr)):
        name = f"{PREFIX}far_{declaration.table}_{part.due}"[:60] + str(number)
        found = f"new.{quoted(hops[-1].key)}"
        for hop, previous in zip(reversed(hops[1:]), reversed(hops[:-1]), strict=True):
            found = (
                f"(select {quoted(previous.key)} from {quoted(previous.table)}"
                f" where tenant_id = new.tenant_id and {quoted(hop.column)} = {found})"
            )
        test = "in" if len(hops) > 1 else "="
        differs = " or ".join(
            f"old.{quoted(one)} is distinct from new.{quoted(one)}" for one in sorted(columns)
        )
        yield f"""
        create or replace function {quoted(name)}() returns trigger language plpgsql as $$ begin
            update {table} set {due} = null where tenant_id = new.tenant_id
               and {quoted(hops[0].column)} {test} {found} and {due} > {MOMENT};
            return null;
        end $$;
        create trigger {quoted(name)} after update on {quoted(far)}
            for each row when ({differs}) execute function {quoted(name)}();
        """
