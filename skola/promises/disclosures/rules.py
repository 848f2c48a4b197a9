"""Decisions about passing data on: who is fit to receive, and whether this may go to them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

_EEA = """
AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK
"""
EEA = frozenset(_EEA.split())
"""Countries of the European Economic Area, ISO 3166-1."""


class Ground(StrEnum):
    """Why data may leave. There is no other reason (ilearn-17.a)."""

    CONTRACT = "contract"
    CONSENT = "consent"
    LAW = "law"
    CLAIM = "claim"
    INTEREST = "interest"
    MARKETING = "marketing"
    """What others ask for again and again. No policy gives it (learnifier-7.c)."""


class Why(StrEnum):
    """Why something was not passed on."""

    NOT_ACTIVE = "not-active"
    ENDED = "ended"
    SUSPENDED = "suspended"
    NOT_IN_POLICY = "not-in-policy"
    GROUND = "ground"
    PURPOSE = "purpose"
    INCOMPLETE = "incomplete"
    NO_CLAIM = "no-claim"
    NO_CONSENT = "no-consent"
    RESTRICTED = "restricted"
    STOPPED = "stopped"
    NOTHING = "nothing"
    OUT_OF_SCOPE = "out-of-scope"


class Standing(StrEnum):
    """Where an entry of the register stands."""

    PREPARED = "prepared"
    ANNOUNCED = "announced"
    """Decided, and on the list; active when the notice period is over."""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    """Something that it needs has run out. It can be renewed."""
    ENDED = "ended"


SAFEGUARD = "safeguard"
"""The paper that a recipient outside the European Economic Area needs."""
REGION = "region"
"""What no paper heals: the policy keeps data inside of the European Economic Area."""


@dataclass(frozen=True)
class Paper:
    """Something on file about a recipient, and its days, in the tenant's zone."""

    kind: str
    valid_from: date
    valid_until: date | None
    reference: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether it is valid on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class Needed:
    """What the policy asks of a recipient before anything is passed on."""

    papers: frozenset[str]
    safeguards: frozenset[str] = frozenset()
    """The kinds of safeguard that the policy names for transfers."""
    only_in_eea: bool = False
    rules_version: str = ""
    older_rules_until: date | None = None
    """The last day on which an earlier version of the rules does; None: it does not."""


def is_outside(country: str) -> bool:
    """Whether data that go to this country leave the European Economic Area."""
    return country.upper() not in EEA


def missing(
    needed: Needed, papers: Collection[Paper], *, country: str, day: date
) -> tuple[str, ...]:
    """Return what a recipient lacks on a day, in the order in which it is asked for.

    Sources: ilearn-16, ilearn-19, ekool-2.6, ekool-5.2.2, learnifier-8.a.
    """
    found = [
        kind
        for kind in sorted(needed.papers)
        if not any(_does(paper, kind, needed, day) for paper in papers)
    ]
    if is_outside(country):
        if needed.only_in_eea:
            found.append(REGION)
        elif not any(p.kind in needed.safeguards and p.holds_on(day) for p in papers):
            found.append(SAFEGUARD)
    return tuple(found)


def _does(paper: Paper, kind: str, needed: Needed, day: date) -> bool:
    if paper.kind != kind or not paper.holds_on(day):
        return False
    if kind != "rules" or not needed.rules_version or paper.reference == needed.rules_version:
        return True
    return needed.older_rules_until is not None and day <= needed.older_rules_until


def standing(
    *,
    activated_at: datetime | None,
    active_from: datetime | None,
    ended_at: datetime | None,
    lacks: Collection[str],
    now: datetime,
) -> Standing:
    """Say where an entry of the register stands; what it lacks suspends it by itself."""
    if ended_at is not None and ended_at <= now:
        return Standing.ENDED
    if activated_at is None:
        return Standing.PREPARED
    if lacks:
        return Standing.SUSPENDED
    return Standing.ACTIVE if active_from is None or active_from <= now else Standing.ANNOUNCED


GROUND_OF_BASIS: Mapping[str, Ground] = {
    "contract": Ground.CONTRACT,
    "consent": Ground.CONSENT,
    "consent-explicit": Ground.CONSENT,
    "legal-obligation": Ground.LAW,
    "legal obligation": Ground.LAW,
    "legitimate-interest": Ground.INTEREST,
}


def ground_of(basis: str, needs: Collection[str]) -> Ground | None:
    """Return the one ground on which a recipient of the policy can receive."""
    if "claim" in needs:
        return Ground.CLAIM
    return GROUND_OF_BASIS.get(basis)


def lacking(needs: Iterable[str], said: Mapping[str, object]) -> tuple[str, ...]:
    """Return what a passing on has to have on record and has not."""
    return tuple(need for need in needs if not said.get(need))


def allowed(
    fields: Collection[str],
    scope: Collection[str],
    categories: Collection[str],
    known: Mapping[str, str],
) -> tuple[str, ...]:
    """Return the fields that go out, sorted: the policy's list, or the scope of a demand.

    A field whose category the recipient may not have never goes, whatever lists it.
    """
    chosen = set(fields) or set(scope)
    return tuple(
        sorted(
            name
            for name in chosen
            if name in known and (not categories or known[name] in categories)
        )
    )
