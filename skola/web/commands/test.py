"""Everything that a change must pass: format, lint, types, walls of the house, tests, coverage."""

import argparse
import json
import os
import subprocess
import sys
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
    counted = [python, "-m", "slipcover", "-m", "pytest"]
    return [
        ("format", [python, "-m", "ruff", "format", "--check", "-q", "."]),
        ("lint", [python, "-m", "ruff", "check", "-q", "."]),
        (
            "walls of the house",
            [python, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        ),
        ("types", [python, "-m", "mypy", "--no-error-summary", "."]),
        # the long ones from outside begin
        ("tests", [*counted, "-n", "3", "--create-db", "tests", "skola"]),
    ]


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("SKOLA_DATABASE_URL", "postgresql://nobody@localhost/none")
    os.environ.setdefault("SKOLA_SECRET_KEY", "for checks only")
    if options.whole:
        os.environ["SKOLA_TEST_WHOLE"] = "yes"
    if options.words:
        return subprocess.call([sys.executable, "-m", "pytest", *options.words])  # noqa: S603
    failed = []
    LINES.parent.mkdir(exist_ok=True)
    LINES.unlink(missing_ok=True)
    for name, command in checks():
        begun = time.monotonic()
        code = subprocess.call(command)  # noqa: S603
        print(
            f"{'ok  ' if code == 0 else 'FAIL'} {name} ({time.monotonic() - begun:.0f} s)",
            flush=True,
        )
        if code:
            failed.append(name)
    reached = _reached()
    print(f"{'ok  ' if reached >= COVERAGE else 'FAIL'} coverage ({reached:.1f} %)", flush=True)
    if reached < COVERAGE:
        failed.append("coverage")
    LocalServer(DATA / "postgres", durable=False).stop()
    if failed:
        print(f"Not passed: {', '.join(failed)}.")
    return 1 if failed else 0


def _reached() -> float:
    try:
        return float(json.loads(LINES.read_text())["summary"]["percent_covered"])
    except OSError:
        return 0.0
