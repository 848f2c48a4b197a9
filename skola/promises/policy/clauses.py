"""The register of clauses, and the tests that keep them.

A test says ``@keeps("ilearn-20.e")``. The tests are read, not run: that they pass is what the test
command shows. Source: ``clauses/*.toml``, a clause for every promise of the five policies.
"""

import ast
import tomllib
from collections import defaultdict
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent.parent


@dataclass(frozen=True)
class Clause:
    """One promise of a policy, and how it is checked from outside."""

    id: str
    system: str
    kind: str
    promise: str
    check: str
    testable: bool

    def as_dict(self) -> dict[str, object]:
        """The clause as plain data."""
        return asdict(self)


def register(folder: Path = ROOT / "clauses") -> list[Clause]:
    """Return all clauses of all systems, in the order of their files."""
    found = []
    for file in sorted(folder.glob("*.toml")):
        for row in tomllib.loads(file.read_text())["clause"]:
            fields = {key: row[key] for key in ("id", "kind", "promise", "check", "testable")}
            found.append(Clause(system=file.stem, **fields))
    return found


@cache
def known_keepers() -> dict[str, list[str]]:
    """Return the same as ``keepers``, read once: the tests of a running service do not change."""
    return keepers()


@cache
def known_register() -> dict[str, Clause]:
    """Return all clauses by their ids, read once."""
    return {clause.id: clause for clause in register()}


MARKS = frozenset({"keeps", "pytest.mark.keeps"})
"""How a test says which clauses it keeps."""


def keepers(root: Path = ROOT) -> dict[str, list[str]]:
    """Return for each clause the tests that keep it, as ``path::test``."""
    kept: dict[str, list[str]] = defaultdict(list)
    for file in sorted([*root.glob("tests/**/test_*.py"), *root.glob("skola/**/test_*.py")]):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for clause in _kept_by(node):
                    kept[clause].append(f"{file.relative_to(root)}::{node.name}")
    return dict(kept)


def _kept_by(test: ast.FunctionDef) -> list[str]:
    return [
        argument.value
        for decorator in test.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) in MARKS
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]
