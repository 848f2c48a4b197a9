"""What people may object to besides the purposes of the policy, while it is to happen.

A room that brings something of this kind registers it; an objection in a request then stops it,
too, and one that names no use is about this as well.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Besides:
    """Something that people may object to at times."""

    name: str
    """Under which an objection to it is kept."""
    label: Callable[[], str]
    is_open: Callable[[datetime], bool]
    """Whether it is to happen and somebody may still object, at a moment."""


_known: dict[str, Besides] = {}


def may_be_objected_to(one: Besides) -> None:
    """Register something; called by its room when the application starts."""
    _known[one.name] = one


def open_at(now: datetime, wanted: Iterable[str] = ()) -> list[Besides]:
    """Return what may be objected to now: of these names, or all of it where none is named."""
    chosen = frozenset(wanted)
    found = [one for one in _known.values() if not chosen or one.name in chosen]
    return [one for one in found if one.is_open(now)]


def labels() -> dict[str, str]:
    """Return what each is called, by its name, in the active language."""
    return {one.name: one.label() for one in _known.values()}
