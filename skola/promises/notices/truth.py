"""The marks of the speaking tenant, computed from live data at most once a minute."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from skola.ground.tenants.api import current_id
from skola.promises.notices import checks
from skola.promises.notices.facts import gather
from skola.promises.notices.rules import Mark, Tally, tally
from skola.promises.policy.api import in_force

FRESH = timedelta(seconds=60)
"""How old a mark may be before everything is looked at again."""


@dataclass(frozen=True, slots=True)
class Truth:
    """All marks of a service at a moment."""

    at: datetime
    version: str
    marks: tuple[Mark, ...]

    @property
    def tally(self) -> Tally:
        """The marks in a few numbers."""
        return tally(self.marks, at=self.at)

    @property
    def broken(self) -> tuple[Mark, ...]:
        """The marks that say no."""
        return tuple(mark for mark in self.marks if mark.state == "broken")


_remembered: dict[tuple[UUID, str], Truth] = {}


def is_it_true(now: datetime) -> Truth:
    """Return the marks of the speaking tenant, at most FRESH old. Raises NoPolicyError.

    They are remembered by this process, for each tenant and the text that binds it.
    """
    found = in_force(now)
    key = (current_id(), found.hash)
    known = _remembered.get(key)
    if known is None or abs(now - known.at) >= FRESH:
        if len(_remembered) > 1000:
            _remembered.clear()
        facts = gather(now)
        known = _remembered[key] = Truth(now, found.version.name, checks.marks(facts))
    return known


def forget() -> None:
    """Look at everything again next time; for tests, and after a change by hand."""
    _remembered.clear()
