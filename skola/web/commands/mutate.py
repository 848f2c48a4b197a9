"""Whether the tests notice each small change of the engine: 95 of 100 have to be noticed."""

import argparse
import os
import subprocess
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", help="only these, as the ends of their names")


def run(options: argparse.Namespace) -> int:
    os.environ.setdefault("SKOLA_DATABASE_URL", "postgresql://nobody@localhost/none")
    os.environ.setdefault("SKOLA_SECRET_KEY", "for checks only")
    command = [sys.executable, "-m", "tests.mutating", *options.files]
    return subprocess.call(command, cwd=Path(__file__).resolve().parents[3])  # noqa: S603
