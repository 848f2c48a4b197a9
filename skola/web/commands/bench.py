"""Measure. Each figure stands beside a limit of the same run; exit code 1 if one is short."""

import argparse
import json
from dataclasses import asdict
from importlib import import_module

from skola.ground.measure import Measure

ROOMS = (
    "skola.ground.audit",
    "skola.promises.gate",
    "skola.promises.retention",
    "skola.promises.rights",
    "skola.promises.rights.access",
    "skola.promises.simulation",
    "skola.services.exams",
    "skola.web",
)
"""Rooms with a module ``bench``, whose ``measures(only)`` takes what it can measure."""
LOADS = "skola.web.loads"
"""The same, in an installation of its own; it comes last."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", metavar="NAME", help="only measures whose name contains this")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    from skola.web.commands.installation import open_up, run_as_owner

    run_as_owner("migrate", "--quiet", "--data", str(options.data))
    open_up(options.data, as_owner=True)
    rows = []
    if not options.json:
        print(f"{'name':50}{'value':>12}{'limit':>12}{'ratio':>8}{'goal':>8}")
    for room in (*ROOMS, LOADS):
        taken = import_module(f"{room}.bench").measures(options.only or "")
        rows.extend(taken)
        if not options.json:
            _show(taken)
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
    return 0 if all(row.ok for row in rows) else 1


def _show(rows: list[Measure]) -> None:
    """Print what a room measured before the next one begins."""
    for row in rows:
        verdict = "ok" if row.ok else "short"
        print(
            f"{row.name:50}{row.value:>12.4g}{row.limit:>12.4g}"
            f"{row.ratio:>8.2f}{row.goal:>8.2f}  {verdict}",
            flush=True,
        )
