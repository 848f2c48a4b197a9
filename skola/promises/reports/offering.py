"""Lists with names: a room says which its work needs, of which columns, and for which roles."""

from dataclasses import dataclass

from django.utils.functional import Promise

PERSON = "person"
"""What a column of the person begins with in ``Listing.columns``: ``person.family_name``."""


@dataclass(frozen=True)
class Listing:
    """One list: the records of ``model``, its columns in order, and who may open it."""

    id: str
    title: "str | Promise"
    model: str
    columns: tuple[str, ...]
    """Columns of the model, or of the person it is about: ``person.given_name``."""
    roles: frozenset[str]


_offered: dict[str, Listing] = {}


def offer(*listings: Listing) -> None:
    """Say that these lists exist; said once, when the room is loaded."""
    _offered.update({one.id: one for one in listings})


def listing_of(wanted: str) -> Listing | None:
    """Return a list by its id; None where no room offers it."""
    return _offered.get(wanted)


def listings() -> tuple[Listing, ...]:
    """Return the lists that rooms offer, by id."""
    return tuple(_offered[one] for one in sorted(_offered))
