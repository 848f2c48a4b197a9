"""Room on the disks: how to tell that something failed for want of it, and how much is left."""

import errno
import shutil
from collections.abc import Iterable
from pathlib import Path

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
DISK_FULL = frozenset({"53100", "53400"})
"""The same, as PostgreSQL says it (SQLSTATE, appendix A of its manual); the second is a limit that
its operator set: no more temporary files than ``temp_file_limit``."""
LEAST = 1_000_000_000
"""Bytes; with less room left on a disk, somebody should look."""
WORDS = (
    "A disk is full: {problem}. What was under way was undone, and what is stored can be read."
    " Make room, then do the same again; `skola doctor` says how much room each place has."
)


def is_full(problem: BaseException | None) -> bool:
    """Whether something failed because a disk is full: one of this machine, or the database's."""
    while problem is not None:
        if isinstance(problem, OSError) and problem.errno in FULL:
            return True
        if getattr(problem, "sqlstate", None) in DISK_FULL:
            return True
        problem = problem.__cause__
    return False


def short(places: Iterable[Path], *, least: int = LEAST) -> dict[Path, int]:
    """Return the places whose disk has less than ``least`` bytes left, and how many it has.

    A place that is not there yet counts with the folder in which it will be made.
    """
    found = {}
    for place in places:
        there = next(one for one in (place, *place.resolve().parents) if one.exists())
        free = shutil.disk_usage(there).free
        if free < least:
            found[place] = free
    return found
