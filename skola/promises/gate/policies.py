"""The policies of row-level security, made from the declarations; installed after ``migrate``.

One mechanism for every table with a path to a person, ours and those of libraries. Each policy is
restrictive and for reading; PostgreSQL applies it to the reading half of updates and deletions too.

* ``expiry``: the row's due date has not passed, and while it is sealed (kept for some purposes
  only) the reader reads for one of these, or it is about the reader. A row that stays when its part
  goes (``stays`` of its declaration) is there, and its ended columns look empty (``ended``).
* ``restriction``: no restriction runs on the person, or on the row itself.
* ``parent``: a row that goes with another, or whose person is found over another, is there while
  that one is.

Each first asks a function of the database, once for each statement, whether anything can be hidden
from the reader; most of the time nothing can, and no row is tested. It is a function because its
plan is kept, while each statement is planned anew: for a row by key, planning a look at the table
of restrictions costs more than the look.

What the database does by itself, in a trigger, sees what is stored.

A counterpart (a guardian, say) counts as the person; who wrote or handles a row does not: it is
about somebody else, who has a right to it.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from skola.ground.db.purposes import ENGINE, MOMENT, OWN_ACCESS, UNRESTRICTED
from skola.promises.gate.models import Restriction
from skola.promises.inventory.api import Blank, Declaration, Hop, declaration_of, declarations

NAMES = ("expiry", "restriction", "parent")
_MAY_READ = (
    f"(current_setting('skola.purpose', true) in ({', '.join(map(repr, UNRESTRICTED))})"
    " or pg_trigger_depth() > 0)"
)
_SEES_WHAT_IS_STORED = (
    f"(current_setting('skola.purpose', true) = {ENGINE!r} or pg_trigger_depth() > 0)"
)
FUNCTIONS = f"""
create or replace function gate_moment() returns timestamptz
    language plpgsql stable parallel restricted as $$ begin
    return case when {_SEES_WHAT_IS_STORED} is true then '-infinity' else {MOMENT} end;
end $$;
create or replace function gate_kept(due timestamptz, kept jsonb, owner uuid,
                                     moment timestamptz default public.gate_moment())
    returns boolean language plpgsql stable parallel restricted as $$
declare
    told text := coalesce(current_setting('skola.purpose', true), '');
begin
    return (due > moment) is not false and (
        told in ({", ".join(map(repr, OWN_ACCESS))})
        or owner = nullif(current_setting('skola.actor', true), '')::uuid
        or exists (select from unnest(string_to_array(told, ',')) one
                    where (kept ->> one)::timestamptz > moment)) is true;
end $$;
create or replace function gate_shows(due timestamptz, seal timestamptz, kept jsonb, owner uuid)
    returns boolean language plpgsql stable parallel restricted as $$ begin
    return (least(due, seal) > public.gate_moment()) is not false
        or public.gate_kept(due, kept, owner);
end $$;
create or replace function gate_open() returns boolean
    language plpgsql stable parallel restricted as $$ begin
    return {_MAY_READ} is true
        or not exists (select from public.gate_restriction where lifted_at is null);
end $$;
create or replace function gate_hidden() returns setof uuid
    language plpgsql stable parallel restricted rows 10 as $$ begin
    if {_MAY_READ} is not true then
        return query
        select r.ref from public.gate_restriction r
         where r.lifted_at is null and r.person_id is distinct from
               nullif(current_setting('skola.actor', true), '')::uuid;
    end if;
end $$;
"""
"""The moment up to which what is due is hidden; whether a sealed part may be read; whether no
restriction can hide anything from the reader; and what restrictions of the tenant hide, people and
objects.

A restriction hides nothing from those who may read all the same, and neither hides anything from
the engine, and from what the database does by itself.
"""


def install_after_migrate(sender: AppConfig, using: str, **_: Any) -> None:
    """Run once per ``migrate``, after the last app and after the walls."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.label == last.label:
        with transaction.atomic(using=using):
            install(connections[using])


def drop_before_migrate(sender: AppConfig, using: str, plan: Sequence[Any] = (), **_: Any) -> None:
    """Run once before migrations, for the apps they touch.

    No column can change its type while a policy names it.
    """
    first = next(config for config in apps.get_app_configs() if config.models_module is not None)
    labels = {migration.app_label for migration, _backwards in plan}
    if labels and sender.label == first.label:
        touched = {m._meta.db_table for m in apps.get_models() if m._meta.app_label in labels}
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            _drop(cursor, touched)


def install(connection: BaseDatabaseWrapper) -> None:
    """Bring the policies of every table into shape. Safe to repeat."""
    with connection.cursor() as cursor:
        run: Callable[..., Any] = cursor.execute
        _drop(cursor, None)
        run(FUNCTIONS)
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        present = {name for (name,) in cursor.fetchall()}
        for declaration in gated():
            if declaration.table in present:
                install_on(run, declaration)


def install_on(run: Callable[[str], Any], declaration: Declaration) -> None:
    """Make the policies of one table that has none, and the functions that they ask."""
    for root in _roots(declaration):
        run(_none_due(root))
    if _roots(declaration):
        run(_open_above(declaration))
    if declaration.stays:
        run(_keeping(declaration))
    for name, test in policies_of(declaration).items():
        run(
            f"create policy {name} on {_quoted(declaration.table)}"
            f" as restrictive for select using ({test})"
        )


def _drop(cursor: Any, tables: Collection[str] | None) -> None:
    cursor.execute(
        "select tablename, policyname from pg_policies"
        " where schemaname = 'public' and policyname = any (%s)",
        [list(NAMES)],
    )
    for table, name in cursor.fetchall():
        if tables is None or table in tables:
            cursor.execute(f"drop policy {name} on {_quoted(table)}")


def gated() -> tuple[Declaration, ...]:
    """Return the tables with a path to a person or with a clock, but for two kinds.

    The marks themselves, which the policies read; and the keys of the audit, which say nothing and
    without which it could not be written what was done about a person.
    """
    return tuple(
        one
        for one in declarations()
        if one.has_tenant
        and (one.subject is not None or one.parts)
        and not one.until_subject_ends
        and one.table != Restriction._meta.db_table
    )


def policies_of(declaration: Declaration) -> dict[str, str]:
    """Return the policies of a table by name: what has to be true of a row that may be read."""
    found = {}
    if _vanishes(declaration):
        found["expiry"] = _is_active(declaration)
    if marked := [_unmarked(declaration, column) for column in _refs(declaration)]:
        found["restriction"] = f"(select gate_open()) or ({' and '.join(marked)})"
    if followed := [_is_there(declaration, hop) for hop in _parents(declaration)]:
        asked = _open_name(declaration) if _roots(declaration) else "gate_open"
        found["parent"] = f"(select {asked}()) or ({' and '.join(followed)})"
    return found


def _is_active(declaration: Declaration) -> str:
    """The test that the row's part is neither due nor sealed, or may be read while it is sealed.

    One comparison for what is in use; the rest is asked of the few rows that are sealed.
    """
    part, table = declaration.parts[0], _quoted(declaration.table)
    due = f"{table}.{_quoted(part.due)}"
    if part.expires:
        return f"({due} > (select gate_moment())) is not false"
    seal, kept = f"{table}.{_quoted(part.seal)}", f"{table}.{_quoted(part.kept)}"
    owner = _owner(declaration, table)
    return (
        f"(least({due}, {seal}) > (select gate_moment())) is not false"
        f" or gate_kept({due}, {kept}, {owner})"
    )


def _vanishes(declaration: Declaration) -> bool:
    """Whether a row is gone as a whole when its date has passed."""
    return bool(declaration.parts) and not declaration.stays


def _roots(declaration: Declaration) -> tuple[Declaration, ...]:
    """Return the tables above this one, over however many steps, whose rows can be due."""
    found: dict[str, Declaration] = {}
    for hop in _parents(declaration):
        parent = declaration_of(hop.table)
        if _vanishes(parent):
            found[parent.table] = parent
        found.update({one.table: one for one in _roots(parent)})
    return tuple(found.values())


def _open_name(declaration: Declaration) -> str:
    return f"gate_open_{declaration.table}"[:63]


def _none_due_name(declaration: Declaration) -> str:
    return f"gate_none_due_{declaration.table}"[:63]


def _none_due(declaration: Declaration) -> str:
    """A function: whether no row of the table is due or sealed, so that none below it is tested.

    It looks at what is stored, where a policy hides what it looks for: for that moment it reads for
    the engine, and as before from then on. The first moment of all is read from an end of an index.
    Asked whether one has passed, PostgreSQL reads the table, as it takes a third of them to have.
    """
    table, part = _quoted(declaration.table), declaration.parts[0]
    nothing = [
        f"coalesce((select min({moment}) from public.{table} where tenant_id ="
        f" nullif(current_setting('skola.tenant', true), '')::uuid) > {MOMENT}, true)"
        for moment in map(_quoted, part.moments[:2])
    ]
    return f"""
    create or replace function {_none_due_name(declaration)}() returns boolean
        language plpgsql stable parallel restricted as $$
    declare
        told text := coalesce(current_setting('skola.purpose', true), '');
        none_due boolean;
    begin
        perform set_config('skola.purpose', {ENGINE!r}, true);
        none_due := {" and ".join(nothing)};
        perform set_config('skola.purpose', told, true);
        return none_due;
    end $$;
    """


def _open_above(declaration: Declaration) -> str:
    """A function: whether nothing above a row of this table can be hidden from the reader."""
    due = " and ".join(f"public.{_none_due_name(root)}()" for root in _roots(declaration))
    return f"""
    create or replace function {_open_name(declaration)}() returns boolean
        language plpgsql stable parallel restricted as $$ begin
        return {_SEES_WHAT_IS_STORED} is true or (public.gate_open() and {due});
    end $$;
    """


def _keeping(declaration: Declaration) -> str:
    """A trigger: who is shown a sealed part empty, and saves the row, leaves it as it is."""
    table = _quoted(declaration.table)
    name = f"gate_keep_{declaration.table}"[:63]
    steps = "".join(
        f"""
        if old.{part.seal} <= {MOMENT} and old.{part.due} > {MOMENT} is not false
           and not public.gate_kept(old.{part.due}, old.{part.kept}, {_owner(declaration, "old")},
                                    {MOMENT}) then
            {" ".join(_as_it_was(column) for column in part.columns if column.possible)}
        end if;"""
        for part in declaration.parts
    )
    return f"""
    create or replace function {name}() returns trigger language plpgsql as $$ begin
        if pg_trigger_depth() > 1 or current_setting('skola.purpose', true) = {ENGINE!r} then
            return new;
        end if;{steps}
        return new;
    end $$;
    create or replace trigger {name} before update on {table}
        for each row execute function {name}();
    """


def _as_it_was(column: Blank) -> str:
    """The step that keeps a column which is about to become empty."""
    new, old = f"new.{_quoted(column.column)}", f"old.{_quoted(column.column)}"
    match column.value:
        case None:
            is_empty = f"{new} is null"
        case list() | dict() | bool() | int():
            is_empty = f"to_jsonb({new}) = '{json.dumps(column.value)}'::jsonb"
        case other:
            said = str(other).replace("'", "''")
            is_empty = f"{new} = '{said}'"
    return f"if {is_empty} then {new} := {old}; end if;"


def _owner(declaration: Declaration, row: str) -> str:
    """The person whom a row is about, where the row says so itself."""
    subject = declaration.subject
    if subject is None or not subject.is_local:
        return "null::uuid"
    return f"{row}.{_quoted(subject.column)}"


def _refs(declaration: Declaration) -> Iterator[str]:
    """Return the columns that a restriction can name: people, and the row itself."""
    subject = declaration.subject
    if subject is not None and subject.is_local:
        yield subject.column
    for path, relation in declaration.relations.items():
        if relation == "counterpart":
            yield path
    own = declaration.goes_with is None and not declaration.subject_is_row
    if own and _is_uuid(declaration):
        yield declaration.key


def _is_uuid(declaration: Declaration) -> bool:
    model = apps.get_model(declaration.model)
    return isinstance(model._meta.pk, models.UUIDField)


def _parents(declaration: Declaration) -> Iterator[Hop]:
    """Return the keys to rows that this one follows."""
    hops = [declaration.goes_with] if declaration.goes_with else []
    if declaration.subject is not None and declaration.subject.hops:
        hops.append(declaration.subject.hops[0])
    found = dict.fromkeys(hop for hop in hops if hop is not None)
    yield from (hop for hop in found if hop is not None)


def _unmarked(declaration: Declaration, column: str) -> str:
    """The test that what a column names is not hidden; an empty column names nothing."""
    ref = f"{_quoted(declaration.table)}.{_quoted(column)}"
    return f"({ref} in (select gate_hidden())) is not true"


def _is_there(declaration: Declaration, hop: Hop) -> str:
    """The test that the row at the other end of a key may be read, which its policies decide."""
    column = f"{_quoted(declaration.table)}.{_quoted(hop.column)}"
    there = f"from {_quoted(hop.table)} p where p.{_quoted(hop.key)} = {column}"
    return f"({column} is null or exists (select 1 {there}))"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
