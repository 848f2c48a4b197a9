"""The commands ``skola policy check | diff | render | words``: text and an exit code."""

import sys
from collections.abc import Sequence
from pathlib import Path

from skola.promises.policy.load import load
from skola.promises.policy.problems import PolicyError


def check(files: Sequence[Path]) -> int:
    """Print every problem of every file. 0 when none has an error, else 2."""
    code = 0
    for file in files:
        try:
            load(file)
        except PolicyError as error:
            for problem in error.problems:
                print(problem)
            print(f"{file}: {len(error.problems)} problems", file=sys.stderr)
            code = 2
        else:
            print(f"{file}: no errors")
    return code
