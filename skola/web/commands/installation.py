"""What several commands do first: enter the installation, as the application or as the owner."""

import os
import subprocess
import sys
from pathlib import Path

from skola.ground.db.environment import enter
from skola.ground.db.local import LocalServer


def open_up(data: Path, *, as_owner: bool = False) -> LocalServer | None:
    """Enter the installation under ``data`` and start Django. Raises NoServer."""
    server = enter(data)
    if as_owner:
        os.environ["SKOLA_AS_OWNER"] = "yes"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skola.settings")
    import django

    django.setup()
    return server


def run_as_owner(*words: str) -> None:
    """Run another command of ours as the owner of the tables, in a process of its own."""
    environment = {**os.environ, "SKOLA_AS_OWNER": "yes"}
    subprocess.run([sys.executable, "-m", "skola", *words], env=environment, check=True)  # noqa: S603
