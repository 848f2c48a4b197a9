"""The marks of the speaking tenant: the worker makes them, pages read what it wrote."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop

from skola.promises.notices import checks
from skola.promises.notices.facts import gather
from skola.promises.notices.models import Look
from skola.promises.notices.rules import Fact, Mark, State, Tally, aged, tally
from skola.promises.policy.api import InForce, in_force

STALE_AFTER = timedelta(minutes=3)
"""The worker looks every minute; a mark that is older says nothing any more."""
_MOMENTS = ("checked_at", "oldest", "next_due")


@dataclass(frozen=True, slots=True)
class Truth:
    """All marks of a service at a moment."""

    at: datetime | None
    """When the worker looked; None where it has not yet, at this text."""
    version: str
    marks: tuple[Mark, ...]
    stale: bool = False
    """Whether the look is too old to say that anything is kept."""

    @property
    def tally(self) -> Tally:
        """The marks in a few numbers."""
        return tally(self.marks, at=self.at)

    @property
    def broken(self) -> tuple[Mark, ...]:
        """The marks that say no."""
        return tuple(mark for mark in self.marks if mark.state == "broken")

    @property
    def kind(self) -> str:
        """What all of it amounts to: ``broken``, ``stale``, ``unchecked`` or ``kept``."""
        if self.broken:
            return "broken"
        return "unchecked" if self.at is None else "stale" if self.stale else "kept"


def is_it_true(now: datetime) -> Truth:
    """Return the marks that were last written, in one query. Raises NoPolicyError.

    Those of another text do not count; those older than STALE_AFTER are not green any more.
    """
    found = in_force(now)
    known = Look.objects.filter(policy=found.hash).first()
    if known is None:
        return Truth(None, found.version.name, _not_looked_at(found))
    marks = tuple(_mark(told) for told in known.marks)
    if abs(now - known.looked_at) > STALE_AFTER:
        return Truth(known.looked_at, known.version, aged(marks), stale=True)
    return Truth(known.looked_at, known.version, marks)


def compare(now: datetime) -> Truth:
    """Compare every promise with what is so at ``now``: a few queries a table.

    Raises NoPolicyError.
    """
    found = in_force(now)
    return Truth(now, found.version.name, checks.marks(gather(now)))


def look(now: datetime) -> Truth:
    """Compare, and write down what was found. May run twice. Raises NoPolicyError."""
    found = compare(now)
    row = Look(
        policy=in_force(now).hash,
        version=found.version,
        looked_at=now,
        marks=[_told(mark) for mark in found.marks],
    )
    Look.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["tenant"],
        update_fields=["policy", "version", "looked_at", "marks"],
    )
    return found


def _not_looked_at(found: InForce) -> tuple[Mark, ...]:
    words = gettext_noop("Not looked at yet. That happens every minute.")
    told = gettext_noop("A statement. It asks nothing of the software.")
    return tuple(
        replace(mark, words=told if mark.state is State.STATEMENT else words)
        for mark in checks.unlooked(found.policy)
    )


def _told(mark: Mark) -> dict[str, Any]:
    """Return a mark as plain values; moments as text in ISO 8601."""
    moments = {name: getattr(mark, name) for name in _MOMENTS}
    return {
        "state": mark.state.value,
        "rule": mark.rule,
        "clauses": list(mark.clauses),
        "words": mark.words,
        "facts": {name: _plain(value) for name, value in mark.facts.items()},
        "covered": mark.covered,
        "also": list(mark.also),
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }


def _plain(value: Fact) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _mark(told: dict[str, Any]) -> Mark:
    moments = {name: told[name] for name in _MOMENTS}
    return Mark(
        state=State(told["state"]),
        rule=told["rule"],
        clauses=tuple(told["clauses"]),
        words=told["words"],
        facts={name: _fact(value) for name, value in told["facts"].items()},
        covered=told["covered"],
        also=tuple(told["also"]),
        **{name: datetime.fromisoformat(at) if at else None for name, at in moments.items()},
    )


def _fact(value: Any) -> Fact:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"])
    return tuple(value) if isinstance(value, list) else value
