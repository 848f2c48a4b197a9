"""Writing a school year into a package, and reading its rows back into the tables.

Rows stand in it as the database has them, a table a file. Coming back, a row takes its old place
where that is free: what is there already stays, and what hangs on something that is gone stays
gone, so a pupil who was erased does not return.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from skola.ground.people.api import Person
from skola.ground.tenants.api import Tenant, current_id
from skola.promises.inventory.api import fields_known
from skola.promises.policy.api import in_force
from skola.services.archives.rules import (
    FORMAT,
    MANIFEST,
    PEOPLE,
    DamagedError,
    checked,
    entry,
    table_path,
)
from skola.services.diary.api import OF_A_YEAR as IN_DIARY
from skola.services.school import api as school

KIND = "archives.package"
LARGEST = 1 << 30
TABLES: tuple[tuple[type[models.Model], str], ...] = (*school.OF_A_YEAR, *IN_DIARY)
"""Every table of which rows are packed, and the way from them to the year; parents first."""
OF_A_PERSON = ("given_name", "family_name", "birth_on")
"""A package without names would tell nobody anything in ten years."""
NOT_RESTORED = school.Pupil
"""Who is in a class is not restored: whoever was taken out or erased stays out."""


def fields() -> tuple[str, ...]:
    """Return every column about a person that is in a package, as a policy names it."""
    tables = {model._meta.label_lower for model, _way in TABLES}
    rows = [name for name in fields_known() if name.rpartition(".")[0] in tables]
    return (*rows, *(f"people.person.{name}" for name in OF_A_PERSON))


def packed(year: school.Year, *, now: datetime) -> tuple[bytes, int]:
    """Return the package of a year in the clear, and how many records it holds."""
    files: dict[str, bytes] = {PEOPLE: _lines(_people(year))}
    counts = {}
    for model, way in TABLES:
        rows = list(_rows(model, way, year))
        counts[model._meta.db_table] = len(rows)
        files[table_path(model._meta.db_table)] = _lines(rows)
    found = in_force(now)
    manifest = {
        "format": FORMAT,
        "service": Tenant.objects.get(pk=current_id()).slug,
        "school": {"id": str(year.school_id), "name": year.school.name},
        "year": {
            "id": str(year.pk),
            "starts_on": f"{year.starts_on}",
            "ends_on": f"{year.ends_on}",
        },
        "made_at": now.isoformat(),
        "policy": {"version": found.version.name, "hash": found.version.hash},
        "records": counts,
        "files": [entry(path, content) for path, content in files.items()],
    }
    files[MANIFEST] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return out.getvalue(), sum(counts.values())


def _people(year: school.Year) -> Iterator[dict[str, Any]]:
    pupils = school.Pupil.objects.filter(school_class__year=year)
    for one in Person.objects.filter(pk__in=pupils.values("person")).order_by("pk"):
        told = {name: getattr(one, name) for name in OF_A_PERSON}
        yield {"id": str(one.pk), **told, "birth_on": one.birth_on and one.birth_on.isoformat()}


def _rows(model: type[models.Model], way: str, year: school.Year) -> Iterator[dict[str, Any]]:
    found = model._base_manager.filter(**{way: year}).values_list("pk", flat=True).distinct()
    with connection.cursor() as cursor:
        cursor.execute(
            f'select to_jsonb(one) from "{model._meta.db_table}" one'  # noqa: S608  # our table
            " where one.id = any(%s) order by one.id",
            [list(found)],
        )
        for (row,) in cursor.fetchall():
            yield json.loads(row) if isinstance(row, str) else row


def _lines(rows: Any) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in rows)


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the files of a package whose checksums are right. Raises DamagedError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as problem:
        raise DamagedError("ZIP") from problem
    checked(files)
    return files


def restored(files: dict[str, bytes], year: school.Year) -> int:
    """Put back the rows of a package that lack, and return how many. Raises DamagedError."""
    if checked(files)["year"]["id"] != str(year.pk):
        raise DamagedError(MANIFEST)
    count = 0
    for model, _way in TABLES:
        if model is not NOT_RESTORED:
            lines = files[table_path(model._meta.db_table)].splitlines()
            rows = [json.loads(line) for line in lines]
            count += _put_back(model, rows)
    return count


def _put_back(model: type[models.Model], rows: list[dict[str, Any]]) -> int:
    """Insert what lacks of a table; what hangs on a row that is gone is left out."""
    keys = [one for one in model._meta.concrete_fields if isinstance(one, models.ForeignKey)]
    for key in keys:
        if key.name != "tenant":
            rows = _fitting(key, rows)
    tenant = str(current_id())
    count = 0
    with connection.cursor() as cursor:
        for row in rows:
            table = model._meta.db_table
            cursor.execute(
                f'insert into "{table}" select (jsonb_populate_record('  # our table
                f'null::"{table}", %s::jsonb)).* on conflict do nothing',
                [json.dumps({**row, "tenant_id": tenant})],
            )
            count += cursor.rowcount
    return count


def _fitting(
    key: "models.ForeignKey[Any, Any]", rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    column = str(key.column)
    wanted = {UUID(one[column]) for one in rows if one[column]}
    related: Any = key.related_model
    there = {
        str(pk) for pk in related._base_manager.filter(pk__in=wanted).values_list("pk", flat=True)
    }
    if key.null:
        return [one if one[column] in there else {**one, column: None} for one in rows]
    return [one for one in rows if one[column] in there]
