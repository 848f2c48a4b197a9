"""Check of the clause register: P012. Every clause of the source is executed or informational."""

import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from skola.promises.policy.lints.context import Context
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.tables import tables_of


@cache
def _ids(path: Path, changed_at: int) -> tuple[str, ...]:
    with path.open("rb") as file:
        return tuple(clause["id"] for clause in tomllib.load(file)["clause"])


def clauses(context: Context) -> Iterator[Problem]:
    """P012: no clause of the source is lost, and no table refers to one that is not there."""
    path = context.clauses / f"{context.policy.policy.tenant}.toml"
    if not path.exists():
        yield context.found(
            "P012",
            Severity.NOTE,
            "policy",
            None,
            "clause",
            f"there is no register of clauses for this tenant ({path.name})",
            "Nothing to do; with a register each clause would be looked for.",
        )
        return
    known = _ids(path, path.stat().st_mtime_ns)
    named: set[str] = set()
    for table, item, content in tables_of(context.policy):
        for clause in getattr(content, "clause", []):
            named.add(clause)
            if clause not in known:
                close = get_close_matches(clause, known, n=1, cutoff=0.7)
                yield context.found(
                    "P012",
                    Severity.ERROR,
                    table,
                    item,
                    "clause",
                    f'"{clause}" is no clause of the source',
                    f'Did you mean "{close[0]}"?' if close else f"See {path.name}.",
                )
    for clause in known:
        if clause not in named:
            yield context.found(
                "P012",
                Severity.ERROR,
                "",
                None,
                "",
                f'the clause "{clause}" is neither executed nor informational',
                "Name it in the clause = […] that executes it, or under [[informational]].",
            )
