"""Making a backup: one snapshot of the database, the objects, and the keys apart from both."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.db import connection

from skola.ground.backup import inventory, programs
from skola.ground.backup.rules import DATABASE, MANIFEST, Kept, Manifest, Piece, as_text
from skola.ground.files import api as files
from skola.ground.journal import api as journal
from skola.ground.tenants.api import Tenant

KEY_TABLES = ("files_objectkey",)
"""What opens the objects. Their rows are in no dump of the database."""
PASSING_TABLES = ("django_session", "skola_cache")
"""Who is signed in at the moment, and what can be computed again."""
_PIECE = 1 << 20


class RefusedError(Exception):
    """No backup was made; the message says why, and what to do."""


@dataclass(frozen=True)
class Made:
    """A backup that was made."""

    name: str
    folder: Path
    keys: Path
    manifest: Manifest


def back_up(*, into: Path | None = None, now: datetime) -> Made:
    """Make a backup in a folder of its own below ``into``, and its keys elsewhere.

    The inventory knows of it before its first byte is written. Raises RefusedError, ProgramError,
    journal.ClosedError.
    """
    into = (into or Path(settings.BACKUPS)).resolve()
    keys_in = Path(settings.BACKUP_KEYS).resolve()
    _demand_apart(into, keys_in)
    name = f"{now:%Y-%m-%dT%H%M%SZ}"
    folder, keys = into / name, keys_in / f"{name}.keys"
    if folder.exists():
        raise RefusedError(f"There is a backup {folder} already; wait a second.")
    for each in (folder, keys_in):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    inventory.enter(Kept(name, str(folder), str(keys), now))
    try:
        with _snapshot() as (snapshot, reader):
            manifest = _about(reader, now)
            _dump(folder / DATABASE, snapshot, *_without(KEY_TABLES + PASSING_TABLES))
            _dump(keys, snapshot, "--data-only", *(f"--table=public.{one}" for one in KEY_TABLES))
        found = {DATABASE: measure(folder / DATABASE)}
        found |= _copy_objects(folder, _before(into, folder))
        found |= _copy_policies(folder)
        manifest = replace(manifest, files=found, keys=measure(keys))
        _write(folder / MANIFEST, as_text(manifest, key=journal.book().key))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        keys.unlink(missing_ok=True)
        raise
    return Made(name, folder, keys, manifest)


def _demand_apart(into: Path, keys_in: Path) -> None:
    """Refuse where a copy of one thing would take along what must not be with it."""
    journal_in, data = Path(settings.JOURNAL).resolve(), Path(settings.DATA).resolve()
    apart = (
        ("the backups", into, "the keys' backups", keys_in),
        ("the backups", into, "the privacy journal", journal_in),
        ("the keys' backups", keys_in, "the privacy journal", journal_in),
        ("the data folder", data, "the backups", into),
        ("the data folder", data, "the keys' backups", keys_in),
    )
    for one, here, other, there in apart:
        if here.is_relative_to(there) or there.is_relative_to(here):
            raise RefusedError(
                f"{one.capitalize()} ({here}) and {other} ({there}) lie in one another: name other"
                " folders in the settings, best on other disks."
            )


def backup_database() -> dict[str, Any]:
    """Return how the backup's role reaches the database. Raises RefusedError."""
    if settings.BACKUP_DATABASE is None:
        raise RefusedError(
            "SKOLA_BACKUP_DATABASE_URL is not set. Row-level security hides rows from the owner"
            " too, so a backup needs the role skola_backup: see docs/how-to/back-up.md."
        )
    return {**settings.BACKUP_DATABASE, "NAME": connection.settings_dict["NAME"]}


@contextmanager
def _snapshot() -> Iterator[tuple[str, psycopg.Connection]]:
    """Hold one moment of the database, so that the dump and the keys are of the same."""
    database = backup_database()
    with psycopg.connect(
        host=database["HOST"],
        port=database["PORT"] or None,
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=database["NAME"],
    ) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        if not _value(reader, "select rolbypassrls from pg_roles where rolname = current_user"):
            raise RefusedError(
                f"The role {database['USER']} does not pass row-level security, so its dump would"
                " be empty: as a superuser, `alter role skola_backup bypassrls`."
            )
        yield str(_value(reader, "select pg_export_snapshot()")), reader


def _value(reader: psycopg.Connection, query: str) -> Any:
    row = reader.execute(query).fetchone()
    return row[0] if row else None


def _about(reader: psycopg.Connection, now: datetime) -> Manifest:
    applied = reader.execute("select app, name from django_migrations order by app, name")
    return Manifest(
        made_at=now,
        release=version("skola") if _is_installed() else "",
        server=reader.info.server_version // 10_000,
        migrations=tuple(f"{app}.{name}" for app, name in applied),
        policies=_policies(),
        journal=str(_value(reader, "select journal from journal_binding") or ""),
        position=int(_value(reader, "select max(number) from journal_position") or 0),
    )


def _is_installed() -> bool:
    from importlib.metadata import PackageNotFoundError

    try:
        version("skola")
    except PackageNotFoundError:
        return False
    return True


def _policies() -> dict[str, str]:
    folder = Path(settings.POLICIES)
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.glob("*/*.toml"))
    }


def _without(tables: tuple[str, ...]) -> list[str]:
    return [f"--exclude-table-data=public.{one}" for one in tables]


def _dump(file: Path, snapshot: str, *words: str) -> None:
    file.touch(0o600)
    database = backup_database()
    major = connection.cursor().connection.info.server_version // 10_000
    programs.run(
        programs.find("pg_dump", at_least=major),
        *("--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={file}", *words),
        database=database,
    )


def _before(into: Path, folder: Path) -> Path | None:
    """Return the newest backup beside this one, whose objects need not be copied again."""
    others = [one.parent for one in into.glob(f"*/{MANIFEST}") if one.parent != folder]
    return max(others, default=None)


def _copy_objects(folder: Path, before: Path | None) -> dict[str, Piece]:
    """Copy every object as it is stored. Objects never change, so known ones are linked."""
    copied = {}
    for tenant in Tenant.objects.order_by("slug"):
        for name in files.object_names(str(tenant.pk)):
            target = folder / "objects" / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            old = before / "objects" / name if before else None
            try:
                if old is not None and old.exists():
                    os.link(old, target)
                else:
                    with files.sealed_object(name) as source, target.open("xb") as into:
                        shutil.copyfileobj(source, into, _PIECE)
            except FileNotFoundError:
                continue  # erased meanwhile
            copied[f"objects/{name}"] = measure(target)
    return copied


def _copy_policies(folder: Path) -> dict[str, Piece]:
    copied = {}
    for name in _policies():
        target = folder / "policies" / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(Path(settings.POLICIES) / name, target)
        copied[f"policies/{name}"] = measure(target)
    return copied


def measure(file: Path) -> Piece:
    """Return the digest and the size of a file."""
    with file.open("rb") as content:
        return _measure(content)


def _measure(content: IO[bytes]) -> Piece:
    digest, size = hashlib.sha256(), 0
    while part := content.read(_PIECE):
        digest.update(part)
        size += len(part)
    return Piece(digest.hexdigest(), size)


def _write(file: Path, text: str) -> None:
    with file.open("x") as out:
        file.chmod(0o600)
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
