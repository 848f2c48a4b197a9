"""What every check of a policy is given, and how it says where something was found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from skola.promises.policy.overlays import Overlay
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.schema import Policy
from skola.promises.policy.source import Source

T = TypeVar("T", bound=Struct)


@dataclass(frozen=True, slots=True)
class Context:
    """A policy, its source, its laws, and what the rooms of this release know."""

    policy: Policy
    source: Source | None
    overlays: Sequence[Overlay]
    clauses: Path
    """The folder of the clause registers."""
    emitted: set[str] | None = None
    offered: set[str] | None = None

    def found(
        self,
        code: str,
        severity: Severity,
        table: str,
        item: Struct | None,
        key: str,
        message: str,
        remedy: str,
    ) -> Problem:
        """A finding on a table; ``item`` is the table itself where there may be several."""
        number = self._number(table, item)
        return Problem(
            file=self.source.file if self.source else self.policy.policy.tenant,
            table=title(table, item, number),
            key=key,
            message=message,
            remedy=remedy,
            severity=severity,
            code=code,
            line=self.source.line(table, number, key) if self.source else None,
        )

    def _number(self, table: str, item: Struct | None) -> int:
        tables = getattr(self.policy, table, None)
        if item is None or not isinstance(tables, list):
            return 0
        return next((n for n, each in enumerate(tables) if each is item), 0)


def title(table: str, item: Struct | None, number: int = 0) -> str:
    """A table as a person would find it: ``[[retention]] "calls"``, ``[change]``."""
    if item is None:
        return f"[{table}]" if table else ""
    for key in ("id", "name", "kinds", "purpose", "what"):
        value = getattr(item, key, None)
        if isinstance(value, list) and value:
            value = ", ".join(str(each) for each in value)
        if isinstance(value, str) and value:
            return f'[[{table}]] "{value}"'
    return f"[[{table}]] number {number + 1}"


def tables_of(policy: Policy) -> Iterator[tuple[str, Struct | None, Struct]]:
    """Every table of a policy: its name, the table where there may be several, the table."""
    for name in policy.__struct_fields__:
        value = getattr(policy, name)
        if isinstance(value, Struct):
            yield name, None, value
        elif isinstance(value, list):
            for each in value:
                yield name, each, each
