"""Kinds of file: what each accepts, how large, who may open it. Registered by the owning rooms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from skola.ground.files.rules import Family

if TYPE_CHECKING:
    from skola.ground.files.models import StoredFile
    from skola.ground.people.api import Person

MayOpen = Callable[["Person | None", "StoredFile", datetime], bool]
"""Answers whether this person, or a visitor, may open this file now."""


@dataclass(frozen=True)
class Kind:
    """A use of files by one room. ``largest`` is in bytes."""

    name: str
    accepts: frozenset[Family]
    largest: int
    may_open: MayOpen


class UnknownKindError(Exception):
    """A kind of file that no room registered."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called by its room when the application starts."""
    _kinds[kind.name] = kind


def known(name: str) -> Kind:
    """Return the kind. Raises UnknownKindError."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKindError(f"No room has registered the kind of file {name!r}.") from None
