"""Everything that a change must pass: format, lint, types, walls of the house, tests, coverage."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from skola.ground.db.local import LocalServer

DATA = Path(__file__).resolve().parents[3] / ".skola" / "test"
"""Where ``tests/server.py`` keeps its database server."""
LINES = DATA.parent / "coverage.json"
"""Which lines the tests reached, as slipcover writes it."""
COVERAGE = 85
"""How many of the lines the tests must reach, in percent."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--whole",
        action="store_true",
        help="try more of what has no end: random worlds, every statement to be killed at",
    )
    parser.add_argument(
        "words", nargs=argparse.REMAINDER, help="only these tests, as pytest takes them"
    )


def checks() -> list[tuple[str, list[str]]]:
    """Return the checks in the order in which they run: quick ones first."""
    python = sys.executable
    # a line that was seen stops counting at once, instead of when the house is searched for it
    counted = [python, "-m", "slipcover", "--immediate", "-m", "pytest"]
    return [
        ("format", [python, "-m", "ruff", "format", "--check", "-q", "."]),
        ("lint", [python, "-m", "ruff", "check", "-q", "."]),
        (
            "walls of the house",
            [python, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        ),
        # the long ones from outside begin
        ("tests", [*counted, "-n", "3", "--create-db", "tests", "skola"]),
    ]


TYPES = [sys.executable, "-m", "mypy", "--no-error-summary", "."]
"""Checked beside the others: it is busy on one processor, while the tests make their database."""


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("SKOLA_DATABASE_URL", "postgresql://nobody@localhost/none")
    os.environ.setdefault("SKOLA_SECRET_KEY", "for checks only")
    if options.whole:
        os.environ["SKOLA_TEST_WHOLE"] = "yes"
    if options.words:
        return subprocess.call([sys.executable, "-m", "pytest", *options.words])  # noqa: S603
    LINES.parent.mkdir(exist_ok=True)
    LINES.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as said:
        types = subprocess.Popen(TYPES, stdout=said, stderr=subprocess.STDOUT)  # noqa: S603
        passed = {name: _passes(name, command) for name, command in checks()}
        passed["types"] = types.wait() == 0
        said.seek(0)
        print(said.read().decode(), end="")
        print("ok   types" if passed["types"] else "FAIL types", flush=True)
    reached = _reached()
    passed["coverage"] = reached >= COVERAGE
    print(f"{'ok  ' if passed['coverage'] else 'FAIL'} coverage ({reached:.1f} %)", flush=True)
    LocalServer(DATA / "postgres", durable=False).stop()
    failed = [name for name, good in passed.items() if not good]
    if failed:
        print(f"Not passed: {', '.join(failed)}.")
    return 1 if failed else 0


def _passes(name: str, command: list[str]) -> bool:
    begun = time.monotonic()
    good = subprocess.call(command) == 0  # noqa: S603
    took = time.monotonic() - begun
    print(f"{'ok  ' if good else 'FAIL'} {name} ({took:.0f} s)", flush=True)
    return good


def _reached() -> float:
    try:
        return float(json.loads(LINES.read_text())["summary"]["percent_covered"])
    except OSError:
        return 0.0
