"""Where the data of this installation are: a named server, or a local one under the data folder."""

import os
import secrets
from pathlib import Path

from skola.ground.db.local import LocalServer
from skola.ground.db.setup import APP, BACKUP, OWNER, prepare


def enter(data: Path) -> LocalServer | None:
    """Set what the settings need, starting the local server unless one is named.

    Returns the local server, or None where ``SKOLA_DATABASE_URL`` names another. Raises
    NoServerError.
    """
    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("SKOLA_DATA", str(data))
    os.environ.setdefault("SKOLA_SECRET_KEY", _secret(data / "secret-key"))
    if os.environ.get("SKOLA_DATABASE_URL"):
        return None
    server = LocalServer(data / "postgres")
    server.start()
    prepare(server)
    os.environ["SKOLA_DATABASE_URL"] = server.url(APP)
    os.environ["SKOLA_OWNER_DATABASE_URL"] = server.url(OWNER)
    os.environ["SKOLA_BACKUP_DATABASE_URL"] = server.url(BACKUP)
    return server


def _secret(file: Path) -> str:
    if not file.exists():
        file.touch(0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()
