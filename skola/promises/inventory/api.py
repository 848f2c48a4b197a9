"""The door of ``inventory``."""

from skola.promises.inventory.declaration import Blank, Declaration, Hop, Need, Part, Path
from skola.promises.inventory.queries import (
    categories_held,
    clocked,
    declaration_of,
    events_emitted,
    fields_known,
    states_known,
)
from skola.promises.inventory.registry import blank as blank_of
from skola.promises.inventory.registry import declarations, resolve

__all__ = [
    "Blank",
    "Declaration",
    "Hop",
    "Need",
    "Part",
    "Path",
    "blank_of",
    "categories_held",
    "clocked",
    "declaration_of",
    "declarations",
    "events_emitted",
    "fields_known",
    "resolve",
    "states_known",
]
