"""How much a rule may erase on a day before somebody has to look.

Plain decisions; ``actions/breakers.py`` counts. A rule may erase twice what was foreseen on an
earlier day, and never fewer than FREELY parts, so that small schools are not stopped by a single
class that leaves. It erases all of what is due or nothing of it: nobody could tell which of the
rows are the right ones.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

TIMES = 2
"""How many times the forecast a rule may erase on a day."""
FREELY = 25
"""How many parts a rule may erase on a day whatever was foreseen."""
RELEASE_HOLDS = timedelta(hours=24)
"""How long a release counts; what is not gone by then needs another."""


@dataclass(frozen=True)
class Allowance:
    """What one rule may erase today, and what it has erased of that."""

    foreseen: int = 0
    released: int = 0
    """How many parts a release of the last hours let go."""
    erased: int = 0
    """How many have gone since the day began, or since that release."""

    @property
    def limit(self) -> int:
        return max(FREELY, TIMES * self.foreseen) + self.released

    @property
    def left(self) -> int:
        return max(0, self.limit - self.erased)


@dataclass(frozen=True)
class Allowances:
    """The allowances of all rules of a tenant on a day, which began at ``since``."""

    since: datetime
    by_rule: dict[str, Allowance] = field(default_factory=dict)

    def of(self, rule: str) -> Allowance:
        """Return the allowance of a rule; one of which nothing is known has the smallest."""
        return self.by_rule.get(rule, Allowance())

    def exceeded(self, due: dict[str, int]) -> set[str]:
        """Return the rules of which more is due than they may erase."""
        return {rule for rule, count in due.items() if count > self.of(rule).left}
