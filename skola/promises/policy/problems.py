"""What is wrong with a policy, where, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is. Only errors keep a policy from being published."""

    ERROR = "error"
    LAW = "law"
    """The source promises less than the law demands; the platform does what the law demands."""
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: file, table, key, line, what is wrong, and the remedy."""

    file: str
    table: str
    """The table as it is written, with its id: ``[[retention]] "calls"``; empty for the file."""
    key: str
    """The key within the table, ``at_most.period``; empty for the whole table."""
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    code: str = ""
    """``P001`` to ``P022`` for lints; empty when the file cannot be read as a policy."""
    line: int | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        kind = f"{self.severity} {self.code}".strip()
        where = ", ".join(part for part in (self.table, self.key) if part)
        text = f"{where}: {self.message}" if where else self.message
        return f"{place}: {kind}: {text}. {self.remedy}".strip()


class PolicyError(Exception):
    """A file that is not a policy. ``problems`` lists everything that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
