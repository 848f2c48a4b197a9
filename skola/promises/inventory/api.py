"""The door of ``inventory``."""

from skola.promises.inventory.declaration import Blank, Declaration, Hop, Need, Part, Path
from skola.promises.inventory.queries import (
    categories_held,
    clocked,
    declaration_of,
    events_emitted,
    states_known,
)
from skola.promises.inventory.registry import declarations

__all__ = [
    "Blank",
    "Declaration",
    "Hop",
    "Need",
    "Part",
    "Path",
    "categories_held",
    "clocked",
    "declaration_of",
    "declarations",
    "events_emitted",
    "states_known",
]
