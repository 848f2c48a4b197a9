"""A test's own journal, backups and databases, and a person whose every trace carries a mark."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from skola.ground.backup import api as backup
from skola.ground.backup.restoring import end_sessions
from skola.ground.files.models import StoredFile
from skola.ground.journal.models import Position
from skola.services.hiring.models import Application
from skola.services.hiring.tests import make as hiring

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MARK = "Zvirbulis-7f3a"


def marked_application() -> Application:
    """An application whose every trace carries the mark, with a document."""
    made = hiring.application(hiring.vacancy(at=START), family_name=MARK, at=START)
    StoredFile.objects.update(name=f"{MARK}.pdf")
    return made


def owner() -> dict[str, Any]:
    """The owner's way to the test database."""
    return dict(connection.settings_dict)


@contextmanager
def server() -> Iterator[psycopg.Connection]:
    """A connection of the owner to no database of ours."""
    reached = owner()
    with psycopg.connect(
        host=reached["HOST"],
        user=reached["USER"],
        password=reached["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as made:
        yield made


def copy_database(name: str) -> None:
    """Copy the test database as it is now, under another name."""
    connection.close()
    with server() as at:
        at.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
        at.execute(
            sql.SQL("create database {} template {}").format(
                sql.Identifier(name), sql.Identifier(str(owner()["NAME"]))
            )
        )


def drop_database(name: str) -> None:
    """Drop a copy."""
    with server() as at:
        end_sessions(at, name)
        at.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))


@contextmanager
def inside_database(name: str) -> Iterator[None]:
    """Let Django work in another database meanwhile."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextmanager
def restored(made: backup.Made, *, keys: bool, now: datetime) -> Iterator[None]:
    """Restore a backup into a database of its own, and work in it."""
    name = f"{connection.settings_dict['NAME']}_again"
    checked = backup.check(made.folder, made.keys if keys else None)
    drop_database(name)
    backup.restore(checked, {**owner(), "NAME": name}, now=now)
    backup.put_objects(checked)
    try:
        with inside_database(name):
            yield
    finally:
        drop_database(name)


def positions() -> set[int]:
    """The lines of the journal that the database knows."""
    return set(Position.objects.values_list("number", flat=True))


def tables_with(mark: str) -> set[str]:
    """Every table in which a text is found, whatever the tenant and the column."""
    from django.conf import settings

    assert settings.BACKUP_DATABASE is not None
    reached = {**settings.BACKUP_DATABASE, "NAME": connection.settings_dict["NAME"]}
    found = set()
    with psycopg.connect(
        host=reached["HOST"],
        user=reached["USER"],
        password=reached["PASSWORD"],
        dbname=reached["NAME"],
    ) as at:
        names = at.execute("select tablename from pg_tables where schemaname = 'public'")
        for (table,) in names.fetchall():
            asked = sql.SQL("select exists (select 1 from {} t where t::text ilike %s)")
            row = at.execute(asked.format(sql.Identifier(table)), [f"%{mark}%"]).fetchone()
            if row and row[0]:
                found.add(table)
    return found
