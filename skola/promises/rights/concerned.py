"""Whom a purpose concerns: of which kinds somebody is, as far as states tell (ema-2.3).

The legal basis of a use follows from it: who has a contract of their own is served under that, who
works for a client on an interest, to which they can object.
"""

from collections.abc import Container, Iterable

from skola.promises.policy.schema import Policy
from skola.promises.policy.schema.data import Purpose


def kinds_of(policy: Policy, opened: Iterable[str]) -> frozenset[str]:
    """Return of which kinds somebody is for whom these states are open, by their ids.

    Kinds that no state tells apart are everybody's. Of those that one does, whoever is none is of
    the first.
    """
    states = frozenset(opened)
    telling = [one for one in policy.subject if one.told_by]
    told = {one.id for one in telling if states.intersection(one.told_by)}
    told = told or {one.id for one in telling[:1]}
    return frozenset(told | {one.id for one in policy.subject if not one.told_by})


def concerns(purpose: Purpose, kinds: Container[str]) -> bool:
    """Whether a purpose is about people of these kinds; one that names none is about all."""
    return not purpose.subjects or any(one in kinds for one in purpose.subjects)
