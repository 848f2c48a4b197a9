"""Whether a purpose of the policy may read what a report asks for, and in which form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from skola.promises.policy.schema import Policy, Purpose

DIRECT = frozenset({"identity", "contact", "credentials"})
"""Categories that say who somebody is: only a list with names shows them."""
PLEDGED = frozenset({"contract", "legal-obligation", "vital-interest", "public-task"})
"""Bases of what is owed to people. Analysts ask for none of it: who owes it does it."""
LEAST = 5
"""Fewer people are not shown where the policy says no number of its own."""


class Form(StrEnum):
    """What a report gives."""

    NUMBERS = "numbers"
    PSEUDONYMS = "pseudonyms"
    NAMES = "names"


class Why(StrEnum):
    """Why a report is refused."""

    UNLISTED = "unlisted"
    NOT_THESE_DATA = "not-these-data"
    LOCKED = "locked"
    NO_NAMES = "no-names"
    ROLE = "role"


@dataclass(frozen=True)
class Asked:
    """What somebody wants to read: for which purpose, of which categories, in which form."""

    purpose: str
    categories: frozenset[str]
    form: Form


def purpose_of(policy: Policy, wanted: str) -> Purpose | None:
    """Return a purpose of the policy by its id; None where it lists none."""
    return next((one for one in policy.purpose if one.id == wanted), None)


def refusal(policy: Policy, asked: Asked) -> Why | None:
    """Return why the policy does not let these data be read so; None where it does.

    The list of purposes is closed (ema-1.2, kic-purpose-related). A purpose reads the categories
    that it names; numbers are made of those that its ``output.counts`` names, too. What a
    ``[[purpose_lock]]`` keeps for others is refused (ekool-4.4). A purpose whose output is numbers
    gets no names (ilearn-8.e).
    """
    purpose = purpose_of(policy, asked.purpose)
    if purpose is None:
        return Why.UNLISTED
    for lock in policy.purpose_lock:
        if asked.categories.intersection(lock.categories) and purpose.id not in lock.only:
            return Why.LOCKED
    if asked.categories - readable(purpose, asked.form):
        return Why.NOT_THESE_DATA
    if asked.form is Form.NAMES and gives_numbers(purpose):
        return Why.NO_NAMES
    return None


def readable(purpose: Purpose, form: Form) -> frozenset[str]:
    """Return the categories that a purpose reads in a form."""
    counted = purpose.output.counts if purpose.output and form is Form.NUMBERS else []
    return frozenset([*purpose.categories, *counted])


def gives_numbers(purpose: Purpose) -> bool:
    """Whether what comes out of a purpose is numbers without names."""
    return purpose.output is not None and purpose.output.form == "aggregate"


def is_for_analysts(purpose: Purpose) -> bool:
    """Whether analysts may ask for a purpose: numbers come out of it, and nobody is owed it.

    So what an academy, a school or a law is owed is not theirs to study (ekool-4.2.3).
    """
    return gives_numbers(purpose) and purpose.basis.kind not in PLEDGED


def least(policy: Policy, purpose: Purpose) -> int:
    """Return from how many people on a number is shown: the largest that the policy says."""
    said = [one.min_cell for one in policy.statistics]
    said += [purpose.output.min_cell] if purpose.output else []
    return max(said, default=0) or LEAST


def began(
    purpose: str, categories: frozenset[str], policy: Policy, earlier: Sequence[Policy]
) -> datetime | None:
    """Return since when the policy lets a purpose read these data; None: from the beginning.

    ``earlier`` are the versions before, oldest first. What was collected before a purpose was
    announced is not used for it (ilearn-9.j).
    """
    since = policy
    for version in reversed(earlier):
        found = purpose_of(version, purpose)
        if found is None or categories - readable(found, Form.NUMBERS):
            return since.policy.effective
        since = version
    return None


def known_as(policy: Policy, purpose: Purpose) -> tuple[frozenset[str], frozenset[str]]:
    """Return by which words those are known whom a purpose is about, and those whom it is not.

    Both are empty where it is about everybody. Source: ``[[subject]] roles``.
    """
    if not purpose.subjects:
        return frozenset(), frozenset()
    its = {word for one in policy.subject if one.id in purpose.subjects for word in one.roles}
    other = {word for one in policy.subject if one.id not in purpose.subjects for word in one.roles}
    if not its or "anybody" in its:
        return frozenset(), frozenset(other - its)
    return frozenset(its), frozenset(other - its)


@dataclass(frozen=True)
class Figures:
    """What a report shows: a head, and lines; None where a number is left out."""

    head: tuple[str, ...]
    lines: tuple[tuple[str | int | None, ...], ...]
    records: int
    """How many records were read for it."""
    least: int = 0
