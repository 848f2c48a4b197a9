"""Restoring a backup: all is checked first, an empty database is filled, nothing opens."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from skola.ground.backup import programs
from skola.ground.backup.making import measure
from skola.ground.backup.rules import DATABASE, MANIFEST, DamagedError, Manifest, Piece, read
from skola.ground.files import api as files
from skola.ground.journal import api as journal


class NotEmptyError(Exception):
    """The database that was to be filled has tables; the message says what can be done."""


@dataclass(frozen=True)
class Checked:
    """A backup all of whose files are what was made."""

    folder: Path
    manifest: Manifest
    keys: Path | None
    is_proven: bool
    """Whether the journal's key shows that this installation made it."""


def check(folder: Path, keys: Path | None = None) -> Checked:
    """Compare every file of a backup with its manifest. Raises DamagedError, touches nothing."""
    folder = folder.resolve()
    book = journal.book()
    try:
        text = (folder / MANIFEST).read_text()
    except (FileNotFoundError, NotADirectoryError):
        raise DamagedError(f"{folder} is no backup: it has no {MANIFEST}.") from None
    except UnicodeDecodeError as problem:
        raise DamagedError(f"{MANIFEST} cannot be read: it was changed.") from problem
    manifest = read(text, key=book.key if book.exists else None)
    _check_contents(folder, manifest)
    if keys is not None:
        if manifest.keys is None:
            raise DamagedError(f"{folder} was made without keys, so {keys} is not of it.")
        _check_piece(keys.resolve(), manifest.keys)
    _check_release(manifest)
    if book.exists:
        _check_journal(book, manifest)
    return Checked(folder, manifest, keys.resolve() if keys else None, book.exists)


def _check_contents(folder: Path, manifest: Manifest) -> None:
    if DATABASE not in manifest.files:
        raise DamagedError(f"{MANIFEST} names no {DATABASE}.")
    for name, piece in manifest.files.items():
        _check_piece(folder / name, piece)
    there = {str(one.relative_to(folder)) for one in folder.rglob("*") if not one.is_dir()}
    unknown = sorted(there - set(manifest.files) - {MANIFEST})
    if unknown:
        raise DamagedError(f"{unknown[0]} does not belong to this backup.")


def _check_piece(file: Path, piece: Piece) -> None:
    if not file.is_file() or file.is_symlink():
        raise DamagedError(f"{file} is missing.")
    size = file.stat().st_size
    if size < piece.size:
        raise DamagedError(f"{file} was cut off: it has {size} of {piece.size} bytes.")
    if measure(file) != piece:
        raise DamagedError(f"{file} was changed: its digest is not the one of the manifest.")


def _check_release(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise DamagedError(
            f"The backup is of a newer release ({unknown[0]} is unknown here): install that one."
        )


def _check_journal(book: journal.Book, manifest: Manifest) -> None:
    """A journal that ends before the backup was made has lost lines itself."""
    newest = max((line.number for line in book.lines()), default=book.head().first - 1)
    if manifest.journal == book.head().journal and manifest.position > newest:
        raise DamagedError(
            f"The privacy journal ends with number {newest}, the backup was made at number"
            f" {manifest.position}: lines are missing at the journal's end. Put it back first."
        )


def tables_in(database: dict[str, Any]) -> int:
    """Return how many tables a database has; 0 where it does not exist."""
    try:
        with _connect(database) as connection:
            found = connection.execute(
                "select count(*) from pg_tables where schemaname = 'public'"
            ).fetchone()
    except psycopg.OperationalError as problem:
        if "does not exist" in str(problem):
            return 0
        raise
    return int(found[0]) if found else 0


def restore(
    checked: Checked, database: dict[str, Any], *, replace: bool = False, now: datetime
) -> str:
    """Restore the dump and the keys into a database, which is made where it is missing.

    They are restored beside it, and take its place when all is there: what fails leaves nothing.
    With ``replace`` a database that has tables is set aside; its new name is returned. Raises
    NotEmptyError, ProgramError.
    """
    is_live = bool(tables_in(database))
    if is_live and not replace:
        raise NotEmptyError(
            f"The database {database['NAME']} is not empty, and stays as it is. Restore beside it"
            " with --into NAME, or in its place with --replace."
        )
    name = str(database["NAME"])
    fresh = {**database, "NAME": f"{name}_restoring"}
    with _connect({**database, "NAME": "postgres"}) as server:
        _drop(server, fresh["NAME"])
        make = sql.SQL("create database {} template template0 encoding 'UTF8'")
        server.execute(make.format(sql.Identifier(fresh["NAME"])))
        try:
            _fill(checked, fresh)
        except BaseException:
            _drop(server, fresh["NAME"])
            raise
        aside = f"{name}_before_{now:%Y%m%d%H%M%S}"
        if not is_live:
            _drop(server, name)
            aside = ""
        else:
            _rename(server, name, aside)
        _rename(server, fresh["NAME"], name)
    return aside


def _fill(checked: Checked, database: dict[str, Any]) -> None:
    """Fill an empty database. Rows come before the walls, behind which nothing can be copied in."""
    program = programs.find("pg_restore", at_least=checked.manifest.server)
    options = ("--no-owner", "--exit-on-error", "--single-transaction")
    dump = str(checked.folder / DATABASE)
    programs.run(program, *options, "--section=pre-data", dump, database=database)
    programs.run(program, *options, "--section=data", dump, database=database)
    if checked.keys is not None:
        keys = str(checked.keys)
        programs.run(program, *options, "--section=data", keys, database=database)
    programs.run(program, *options, "--section=post-data", dump, database=database)


def put_objects(checked: Checked) -> int:
    """Put the objects of a backup back that the storage lacks, and return how many."""
    put = 0
    for name in checked.manifest.files:
        kind, _, rest = name.partition("/")
        if kind == "objects" and not files.object_exists(rest):
            with (checked.folder / name).open("rb") as content:
                files.put_object(rest, content)
            put += 1
    return put


def put_policies(checked: Checked) -> int:
    """Put the published policies back that are missing here, and return how many."""
    put = 0
    for name in checked.manifest.files:
        kind, _, rest = name.partition("/")
        target = Path(settings.POLICIES) / rest
        if kind == "policies" and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(checked.folder / name, target)
            put += 1
    return put


def set_aside() -> list[str]:
    """Return the databases that a restore has replaced and that are still there."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute(
            "select datname from pg_database where starts_with(datname, %s) order by 1",
            [f"{name}_before_"],
        )
        return [found for (found,) in cursor.fetchall()]


def end_sessions(server: psycopg.Connection, name: str) -> None:
    """End what clients do in a database. Its own vacuum, which only a superuser may end, gives way
    to a renaming or a plain drop by itself; to ``drop database ... with (force)`` it does not.
    """
    server.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = %s and backend_type = 'client backend'",
        [name],
    )


def _rename(server: psycopg.Connection, old: str, new: str) -> None:
    end_sessions(server, old)
    rename = sql.SQL("alter database {} rename to {}")
    server.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))


def _drop(server: psycopg.Connection, name: str) -> None:
    end_sessions(server, name)
    drop = sql.SQL("drop database if exists {}")
    server.execute(drop.format(sql.Identifier(name)))


def _connect(database: dict[str, Any]) -> psycopg.Connection:
    return psycopg.connect(
        host=database["HOST"],
        port=database["PORT"] or None,
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
        autocommit=True,
    )
