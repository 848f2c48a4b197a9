"""What every check of a policy is given, and how it says where something was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import Struct

from skola.promises.policy.overlays import Overlay
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.schema import Policy
from skola.promises.policy.source import Source
from skola.promises.policy.tables import title


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
    fields: Mapping[str, str] | None = None
    """Personal columns of this release, ``people.person.given_name``, and their categories."""

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
