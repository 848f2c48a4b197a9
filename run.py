#!/usr/bin/env python3
"""python3 run.py demo | test | COMMAND …   needs nothing but Python; makes the environment once."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements" / "dev.txt"
WINDOWS = sys.platform == "win32"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
UV = BIN / ("uv.exe" if WINDOWS else "uv")


def prepare() -> None:
    """Make ``.venv`` and install the locked packages, unless that was done for this lock file."""
    if sys.version_info < (3, 11):
        sys.exit(f"Skola needs Python 3.11 or newer, this is {sys.version.split()[0]}.")
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    mark = VENV / ".lock"
    if mark.exists() and mark.read_text() == wanted:
        return
    print("Preparing the environment (once) …", flush=True)
    try:
        venv.create(VENV, with_pip=True, clear=not mark.exists())
    except subprocess.CalledProcessError:
        sys.exit("This Python has no ensurepip: install the package python3-venv.")
    install()
    mark.write_text(wanted)


def install() -> None:
    """Install with uv, which is quick; where it cannot reach the index, with pip."""
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    quick = [
        str(UV),
        "pip",
        "install",
        "-q",
        "--system-certs",
        "--require-hashes",
        "-p",
        str(PYTHON),
    ]
    if subprocess.call([*pip, "uv>=0.13"]) == 0 and subprocess.call([*quick, "-r", str(LOCK)]) == 0:
        return
    subprocess.check_call([*pip, "--require-hashes", "-r", str(LOCK)])


def surroundings() -> dict[str, str]:
    """The variables of the environment, and where Python keeps what it compiled.

    Demo and tests start many processes; each begins in half the time with it.
    """
    known = {**os.environ, "PYTHONPYCACHEPREFIX": str(ROOT / ".skola" / "compiled")}
    known.pop("PYTHONDONTWRITEBYTECODE", None)
    return known


if __name__ == "__main__":
    prepare()
    words = sys.argv[1:] or ["--help"]
    try:
        sys.exit(subprocess.call([PYTHON, "-m", "skola", *words], cwd=ROOT, env=surroundings()))
    except KeyboardInterrupt:
        sys.exit(130)
