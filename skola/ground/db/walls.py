"""The walls between tenants: one mechanism for every tenant table, ours and third-party.

After each ``migrate`` the catalogue is read and every tenant table is brought into this shape:

* a column ``tenant_id`` (third-party tables get it, filled from the setting of the session);
* primary key and unique constraints that begin with it, so that none reveals another tenant's row;
* foreign keys to other tenant tables that carry it, as referential checks look past row security;
* row-level security, enabled and forced, with one policy for reading and writing;
* grants for the application's role, which owns nothing: all verbs, or fewer where a model says.

It changes nothing where the shape is there already. With the tenant first in every key the tables
can be distributed by tenant. See ``docs/decisions/0002-tenants-row-level-security.md``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

APP_ROLE = "skola_app"
SETTING = "(select nullif(current_setting('skola.tenant', true), '')::uuid)"

THIRD_PARTY_TENANT_TABLES = frozenset(
    {
        "account_emailaddress",
        "account_emailconfirmation",
        "django_session",
        "mfa_authenticator",
        "socialaccount_socialaccount",
        "socialaccount_socialtoken",
        "usersessions_usersession",
    }
)
"""Tables of libraries that hold people's data and learn of tenants only through us."""

INSTALLATION_TABLES = {
    "auth_group": "select",
    "auth_group_permissions": "select",
    "auth_permission": "select",
    "django_content_type": "select",
    "django_migrations": "select",
    "socialaccount_socialapp": "select",
    "tenants_host": "select",
    "tenants_tenant": "select",
    "journal_binding": "select, insert, update",
    "journal_position": "select, insert, delete",
    "skola_cache": "select, insert, update, delete",
    "procrastinate_events": "select, insert, update, delete",
    "procrastinate_jobs": "select, insert, update, delete",
    "procrastinate_periodic_defers": "select, insert, update, delete",
    "procrastinate_workers": "select, insert, update, delete",
}
"""Tables of the installation as a whole, and what the application may do with them."""

WHILE_MIGRATING = "_while_migrating"
ALL_VERBS = "select, insert, update, delete"


@dataclass(frozen=True)
class ForeignKey:
    table: str
    name: str
    column: str
    target: str
    target_column: str
    is_tied: bool
    """Whether it carries the tenant."""
    on_delete: str
    """What it does when its target is deleted, as SQL."""


def build(connection: BaseDatabaseWrapper) -> None:
    """Bring every tenant table of ``connection`` (the owner's) into shape. Safe to repeat."""
    with connection.cursor() as cursor:
        run: Callable[..., Any] = cursor.execute
        tables = tenant_tables(cursor)
        for table in sorted(tables):
            _add_tenant_column(run, cursor, table)
        deletions = _deletions()
        loose = [
            key
            for key in foreign_keys(cursor)
            if {key.table, key.target} <= tables
            and not (key.is_tied and key.on_delete == deletions.get((key.table, key.column)))
        ]
        for key in loose:
            run(f'alter table "{key.table}" drop constraint "{key.name}"')
        for table in sorted(tables):
            run(f'alter table "{table}" drop constraint if exists "{table}{WHILE_MIGRATING}"')
            _lead_keys_with_tenant(run, cursor, table)
        for key in loose:
            _tie_with_tenant(run, key, deletions.get((key.table, key.column), ""))
        for table in sorted(tables):
            _secure(run, cursor, table)
        _grant_installation_tables(run, cursor)


def open_for_migration(connection: BaseDatabaseWrapper) -> None:
    """Let migrations refer to tenant tables by id alone, as Django does, until ``build`` runs.

    A foreign key needs a unique constraint on what it refers to, and behind the walls there is none
    on the id alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select i.indrelid::regclass::text, a.attname
              from pg_index i
              join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
              join pg_attribute t on t.attrelid = i.indrelid and t.attnum = i.indkey[0]
              join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[1]
             where i.indisprimary and i.indnatts = 2 and t.attname = 'tenant_id'
            """
        )
        for table, column in cursor.fetchall():
            name = f"{table}{WHILE_MIGRATING}"
            cursor.execute(f'alter table "{table}" drop constraint if exists "{name}"')
            cursor.execute(f'alter table "{table}" add constraint "{name}" unique ("{column}")')


def tenant_tables(cursor: Any) -> frozenset[str]:
    """Return the names of all tables that hold rows of tenants."""
    cursor.execute(
        "select table_name from information_schema.columns"
        " where table_schema = 'public' and column_name = 'tenant_id'"
    )
    ours = {name for (name,) in cursor.fetchall()} - set(INSTALLATION_TABLES)
    cursor.execute("select tablename from pg_tables where schemaname = 'public'")
    present = {name for (name,) in cursor.fetchall()}
    return frozenset(ours | (THIRD_PARTY_TENANT_TABLES & present))


def _add_tenant_column(run: Callable[..., Any], cursor: Any, table: str) -> None:
    cursor.execute(
        "select 1 from information_schema.columns"
        " where table_schema = 'public' and table_name = %s and column_name = 'tenant_id'",
        [table],
    )
    if cursor.fetchone() is None:
        run(
            f'alter table "{table}" add column tenant_id uuid not null default'
            " nullif(current_setting('skola.tenant', true), '')::uuid"
            " references tenants_tenant (id)"
        )


def foreign_keys(cursor: Any) -> list[ForeignKey]:
    """Return the foreign keys of one column, and of two where the first is the tenant."""
    cursor.execute(
        """
        select c.conrelid::regclass::text, c.conname, a.attname,
               c.confrelid::regclass::text, f.attname, array_length(c.conkey, 1) = 2,
               case c.confdeltype when 'c' then ' on delete cascade'
                    when 'n' then format(' on delete set null ("%s")', a.attname) else '' end
          from pg_constraint c
          join pg_attribute a
            on a.attrelid = c.conrelid and a.attnum = c.conkey[array_length(c.conkey, 1)]
          join pg_attribute f
            on f.attrelid = c.confrelid and f.attnum = c.confkey[array_length(c.confkey, 1)]
          join pg_attribute first on first.attrelid = c.conrelid and first.attnum = c.conkey[1]
         where c.contype = 'f' and c.connamespace = 'public'::regnamespace
           and (array_length(c.conkey, 1) = 1
                or array_length(c.conkey, 1) = 2 and first.attname = 'tenant_id')
        """
    )
    return [ForeignKey(*row) for row in cursor.fetchall()]


def _lead_keys_with_tenant(run: Callable[..., Any], cursor: Any, table: str) -> None:
    cursor.execute(
        """
        select i.indexrelid::regclass::text, c.conname, i.indisprimary,
               pg_get_indexdef(i.indexrelid), first.attname
          from pg_index i
          left join pg_constraint c on c.conindid = i.indexrelid and c.contype in ('p', 'u')
          left join pg_attribute first on first.attrelid = i.indrelid and first.attnum = i.indkey[0]
         where i.indrelid = %s::regclass and i.indisunique
        """,
        [f'public."{table}"'],
    )
    for index, constraint, primary, definition, first in cursor.fetchall():
        if first == "tenant_id":
            continue
        columns = definition[definition.index("(") + 1 :]
        if constraint:
            run(f'alter table "{table}" drop constraint "{constraint}"')
        else:
            run(f"drop index {index}")
        name = constraint or index.strip('"')
        if primary:
            run(f'alter table "{table}" add constraint "{name}" primary key (tenant_id, {columns}')
        else:
            run(f'create unique index "{name}" on "{table}" (tenant_id, {columns}')


def _deletions() -> dict[tuple[str, str], str]:
    """Return what the models say about deleting the target, by table and column, as SQL.

    A key that was tied before its model changed its mind is tied anew, by comparing with this.
    """
    words: dict[Any, str] = {
        models.CASCADE: " on delete cascade",
        models.SET_NULL: " on delete set null",
    }
    found = {}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey):
                action = words.get(field.remote_field.on_delete, "")
                if action.endswith("set null"):
                    action += f' ("{field.column}")'
                found[model._meta.db_table, str(field.column)] = action
    return found


def _tie_with_tenant(run: Callable[..., Any], key: ForeignKey, on_delete: str) -> None:
    run(
        f'alter table "{key.table}" add constraint "{key.name}"'
        f' foreign key (tenant_id, "{key.column}")'
        f' references "{key.target}" (tenant_id, "{key.target_column}"){on_delete}'
        " deferrable initially deferred"
    )


def _secure(run: Callable[..., Any], cursor: Any, table: str) -> None:
    cursor.execute(
        "select 1 from pg_policies"
        " where schemaname = 'public' and tablename = %s and policyname = 'tenant'",
        [table],
    )
    if cursor.fetchone() is None:
        run(f'alter table "{table}" enable row level security')
        run(f'alter table "{table}" force row level security')
        run(
            f'create policy tenant on "{table}"'
            f" using (tenant_id = {SETTING}) with check (tenant_id = {SETTING})"
        )
    run(f'revoke all on "{table}" from {APP_ROLE}')
    run(f'grant {_verbs(table)} on "{table}" to {APP_ROLE}')


def _verbs(table: str) -> str:
    """Return what the application may do with ``table``; a model may say less, ``app_may``."""
    for model in apps.get_models():
        if model._meta.db_table == table:
            return str(getattr(model, "app_may", ALL_VERBS))
    return ALL_VERBS


def _grant_installation_tables(run: Callable[..., Any], cursor: Any) -> None:
    cursor.execute("select tablename from pg_tables where schemaname = 'public'")
    present = {name for (name,) in cursor.fetchall()}
    for table, verbs in INSTALLATION_TABLES.items():
        if table in present:
            run(f'revoke all on "{table}" from {APP_ROLE}')
            run(f'grant {verbs} on "{table}" to {APP_ROLE}')
    run(f"grant usage on schema public to {APP_ROLE}")
    run(f"grant usage, select on all sequences in schema public to {APP_ROLE}")
    run(f"grant execute on all functions in schema public to {APP_ROLE}")
