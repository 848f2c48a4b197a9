"""Reading the call list of a telephone provider: a CSV file, with the recordings beside it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from skola.ground.files.api import RefusedError
from skola.promises.policy.api import has
from skola.services.desk import calling, queries
from skola.services.desk.models import Call, Line, Recording

COLUMNS = ("began", "line", "direction", "number", "seconds", "class", "file")


class BadListError(Exception):
    """A call list that cannot be read; the message names line and column, and what now."""


@dataclass
class Report:
    """What became of a call list."""

    calls: int = 0
    recordings: int = 0
    refused: int = 0
    dropped: int = 0
    """Recordings that were left out, for their callers objected."""


@dataclass(frozen=True)
class Row:
    """One line of the list, read and checked."""

    rung: calling.Rung
    kind: str
    audio: Path | None


def read(list_: Path, zone: ZoneInfo) -> list[Row]:
    """Read and check the whole list before anything is entered. Raises BadListError.

    Moments without an offset are of ``zone``; files are named relative to the list's folder.
    """
    lines = {line.number: line for line in Line.objects.all()}
    try:
        with list_.open(encoding="utf-8", newline="") as file:
            return list(_rows(csv.DictReader(file), list_, lines, zone))
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise BadListError(f"{list_}: {problem}. Save it as CSV in UTF-8.") from problem


def _rows(
    table: "csv.DictReader[str]", list_: Path, lines: dict[str, Line], zone: ZoneInfo
) -> Iterator[Row]:
    missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
    if missing:
        raise BadListError(
            f"{list_}, line 1: no column {', '.join(missing)}."
            f" The columns are {', '.join(COLUMNS)}."
        )
    for said in table:
        where = f"{list_}, line {table.line_num}"
        line = lines.get(said["line"])
        if line is None:
            known = ", ".join(sorted(lines)) or "none yet"
            raise BadListError(f"{where}: no line {said['line']!r}. Known are: {known}.")
        rung = calling.Rung(
            line,
            _one_of(said["direction"], Call.Direction.values, f"{where}, direction"),
            said["number"],
            _moment(said["began"], zone, where),
            _seconds(said["seconds"], where),
        )
        kinds = [kind for kind in Recording.Kind.values if kind != Recording.Kind.ORAL]
        kind = _one_of(said["class"] or Recording.Kind.QUALITY, kinds, f"{where}, class")
        yield Row(rung, kind, _sound(said["file"], list_, where))


def _one_of(value: str, allowed: list[str], where: str) -> str:
    if value not in allowed:
        raise BadListError(f"{where}: {value!r} is none of {', '.join(allowed)}.")
    return value


def _moment(value: str, zone: ZoneInfo, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise BadListError(
            f"{where}, began: {value!r} is no moment. Write it like 2026-03-02T11:00."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _seconds(value: str, where: str) -> int:
    if not value.isascii() or not value.isdecimal() or int(value) > 86_400:
        raise BadListError(f"{where}, seconds: {value!r} is no number from 0 to 86400.")
    return int(value)


def _sound(name: str, list_: Path, where: str) -> Path | None:
    if not name:
        return None
    folder = list_.resolve().parent
    found = (folder / name).resolve()
    if not found.is_relative_to(folder) or not found.is_file():
        raise BadListError(f"{where}, file: there is no {name!r} beside the list.")
    return found


def enter(rows: list[Row], *, by: str, now: datetime) -> Report:
    """Enter every row, oldest first, so that call-backs find the voicemail they answer.

    Refused recordings are counted; each is in the audit (ema-4.3).
    """
    report = Report()
    for row in sorted(rows, key=lambda one: one.rung.started_at):
        audio = SimpleUploadedFile(row.audio.name, row.audio.read_bytes()) if row.audio else None
        try:
            done = calling.import_call(row.rung, audio=audio, kind=row.kind, by=by, now=now)
        except RefusedError as problem:
            raise BadListError(f"{row.audio}: {problem}") from problem
        report.refused += done.call is None
        report.calls += done.call is not None
        report.dropped += done.is_dropped
        report.recordings += done.call is not None and audio is not None and not done.is_dropped
    return report


@transaction.atomic
def import_list(list_: Path, *, by: str, now: datetime) -> Report:
    """Enter a whole call list for the speaking tenant, or nothing of it. Raises BadListError."""
    if not has("desk.calls", now=now):
        raise BadListError("The tenant's policy has no purpose for recorded calls.")
    return enter(read(list_, queries.zone(now)), by=by, now=now)
