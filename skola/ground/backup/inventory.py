"""Which backups there are, wherever they were put: read, not assumed."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from skola.ground.backup.rules import Kept, Window, is_over, window


def _folder() -> Path:
    return Path(settings.BACKUPS)


def _file() -> Path:
    return _folder() / "inventory.json"


@contextmanager
def _alone() -> Iterator[None]:
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(_folder() / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def inventory() -> list[Kept]:
    """Return the backups that there are, oldest first.

    One whose folder is gone is none. One on a disk that is not there counts, as it may come back.
    """
    found = []
    for one in _written():
        folder = Path(one.folder)
        if folder.exists():
            found.append(replace(one, keys=one.keys if Path(one.keys).is_file() else ""))
        elif not folder.parent.exists():
            found.append(replace(one, out_of_reach=True))
    return sorted(found, key=lambda one: one.made_at)


def oldest_backup() -> datetime | None:
    """Return when the oldest backup was made that still exists; None where there is none."""
    return backup_window().oldest_at


def backup_window() -> Window:
    """Return how far back the backups of this installation reach."""
    return window(
        inventory(),
        keep_days=settings.BACKUP_DAYS,
        keep_key_days=settings.BACKUP_KEY_DAYS,
    )


def in_backups_until(erased_at: datetime) -> datetime | None:
    """Return when the last backup goes that was made before something was erased.

    None where there is no such backup, any more or ever.
    """
    made = [one.made_at for one in inventory() if one.made_at <= erased_at]
    return max(made) + timedelta(days=settings.BACKUP_DAYS) if made else None


def needed_from(now: datetime) -> datetime:
    """Return the moment from which on the journal is needed to repeat what a backup lacks.

    Copies that were made in other ways than by ``skola backup`` are taken to live as long.
    """
    longest = now - timedelta(days=settings.BACKUP_DAYS)
    return min(oldest_backup() or longest, longest)


def enter(kept: Kept) -> None:
    """Write a new backup into the inventory, before its first byte is written."""
    with _alone():
        _write([*(one for one in _written() if one.folder != kept.folder), kept])


def prune(*, now: datetime) -> list[str]:
    """Remove backups and keys whose days are over, and say which. Safe to repeat."""
    said = []
    with _alone():
        left = []
        for one in inventory():
            if one.keys and is_over(one.made_at, days=settings.BACKUP_KEY_DAYS, now=now):
                Path(one.keys).unlink(missing_ok=True)
                said.append(f"the keys of {one.name}")
                one = replace(one, keys="")
            over = is_over(one.made_at, days=settings.BACKUP_DAYS, now=now)
            if over and not one.out_of_reach:
                shutil.rmtree(one.folder)
                said.append(f"the backup {one.name}")
            else:
                left.append(replace(one, out_of_reach=False))
        _write(left)
    return said


def _written() -> list[Kept]:
    try:
        said = json.loads(_file().read_text())
    except FileNotFoundError:
        return []
    return [Kept(**{**one, "made_at": datetime.fromisoformat(one["made_at"])}) for one in said]


def _write(kept: list[Kept]) -> None:
    said = [{**asdict(one), "made_at": one.made_at.isoformat()} for one in kept]
    fresh = _file().with_suffix(".new")
    with fresh.open("w") as file:
        json.dump(said, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(_file())
