"""PostgreSQL's own programs: found, and run under the role that may see every row."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from skola.ground.db.local import candidates


class ProgramError(Exception):
    """One of PostgreSQL's programs is missing or has failed; the message says what it said."""


def find(name: str, *, at_least: int) -> Path:
    """Return a program that can speak with a server of this major version. Raises ProgramError."""
    on_path = shutil.which(name)
    found = [folder / name for folder in candidates()] + ([Path(on_path)] if on_path else [])
    for file in found:
        if file.exists() and _major(file) >= at_least:
            return file
    raise ProgramError(
        f"No {name} of PostgreSQL {at_least} or newer was found: install the client programs of"
        " PostgreSQL, or name their folder in SKOLA_PG_BIN."
    )


def _major(file: Path) -> int:
    said = subprocess.check_output([file, "--version"], text=True)  # noqa: S603
    return int(re.findall(r"\d+", said.partition(")")[2])[0])


def run(program: Path, *words: str, database: dict[str, Any]) -> None:
    """Run a program on a database of Django's settings. Raises ProgramError."""
    environment = {
        **os.environ,
        "PGHOST": str(database["HOST"]),
        "PGPORT": str(database["PORT"] or 5432),
        "PGUSER": str(database["USER"]),
        "PGPASSWORD": str(database["PASSWORD"]),
        "LC_ALL": "C",
    }
    done = subprocess.run(  # noqa: S603
        [program, *words, "--dbname", str(database["NAME"])],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ProgramError(f"{program.name} failed.\n{done.stderr.strip()[-2000:]}")
