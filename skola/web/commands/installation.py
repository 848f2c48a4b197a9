"""What several commands do first: enter the installation, as the application or as the owner."""

import os
import subprocess
import sys
from pathlib import Path

from skola.ground.db.environment import enter
from skola.ground.db.local import LocalServer, NoServerError


def open_up(
    data: Path, *, as_owner: bool = False, tables: bool = True, gate: bool = True
) -> LocalServer | None:
    """Enter the installation under ``data`` and start Django.

    Raises NoServerError where there is no database, or none with our ``tables``, or where the
    ``gate`` is closed because the database does not know what the privacy journal knows.
    """
    server = enter(data)
    if as_owner:
        os.environ["SKOLA_AS_OWNER"] = "yes"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skola.settings")
    import django

    django.setup()
    if tables:
        _demand_tables(data)
        if gate:
            _demand_open()
    return server


def _demand_tables(data: Path) -> None:
    from django.db import DatabaseError, connection

    try:
        found = "tenants_tenant" in connection.introspection.table_names()
    except DatabaseError as problem:
        raise NoServerError(f"The database does not answer: {problem}".strip()) from problem
    if not found:
        raise NoServerError(
            f"There is no installation in {data} yet: run `skola demo` for one with invented"
            " people, or `skola migrate` for an empty one."
        )


def _demand_open() -> None:
    from skola.ground import clock
    from skola.ground.journal import api as journal

    try:
        journal.demand_open(now=clock.now())
    except journal.ClosedError as problem:
        raise NoServerError(f"Nothing is served. {problem}") from problem


def run_as_owner(*words: str) -> None:
    """Run another command of ours as the owner of the tables, in a process of its own."""
    environment = {**os.environ, "SKOLA_AS_OWNER": "yes"}
    subprocess.run([sys.executable, "-m", "skola", *words], env=environment, check=True)  # noqa: S603
