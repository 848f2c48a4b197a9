"""Which purposes an objection stops, as the policy and the law say."""

from collections.abc import Container, Iterable

from skola.promises.policy.schema import Policy
from skola.promises.policy.schema.data import Purpose

BASES = ("legitimate-interest", "public-task")
"""GDPR Art. 21(1): what rests on a contract, a law or a consent cannot be objected to."""
CLAIM = "claim"
HANDOVER = "handover"
"""The name under which an objection to going over to a new controller is kept."""


def rests_on_interest(purpose: Purpose) -> bool:
    """Whether somebody may object to it at all."""
    return purpose.basis.kind in BASES


def goes_on(purpose: Purpose) -> bool:
    """Whether it goes on while an objection is weighed: legal claims, and what is compelling."""
    return purpose.class_ == CLAIM or bool(purpose.basis.compelling)


def pausable(policy: Policy) -> tuple[Purpose, ...]:
    """Return the purposes that an objection pauses at once. Source: ilearn-23.e, ema-1.5.5."""
    return tuple(one for one in policy.purpose if rests_on_interest(one) and not goes_on(one))


def compelling(policy: Policy) -> tuple[Purpose, ...]:
    """Return the purposes that rest on an interest and go on all the same."""
    return tuple(one for one in policy.purpose if rests_on_interest(one) and goes_on(one))


def named(policy: Policy, wanted: Iterable[str]) -> tuple[Purpose, ...]:
    """Return which purposes an objection is about; one that names none is about all of them.

    Source: ema-9.1.4: no ground has to be given, and no purpose.
    """
    known, chosen = pausable(policy), frozenset(wanted)
    return tuple(one for one in known if one.id in chosen) if chosen else known


def automated(decision: str) -> str:
    """Return the name under which an objection to a decision of the software is kept."""
    return f"automated:{decision}"


def may_use(policy: Policy, capability: str, stopped: Container[str]) -> bool:
    """Whether a purpose is left for what the software can do, once some are stopped.

    Who objects to one purpose of several that enable it may go on for the others (ilearn-10.d).
    """
    if capability in policy.service.capabilities:
        return True
    return any(one.id not in stopped for one in policy.purpose if capability in one.enables)
