"""The door of ``connectors``."""

from skola.promises.connectors.actions import figures_from, note_contact, switch
from skola.promises.connectors.payloads import Figure, place_of
from skola.promises.connectors.queries import (
    PROBLEMS,
    Otherwise,
    also_by,
    forget_remembered,
    has_any,
    is_named,
    unused,
    unused_lately,
)
from skola.promises.connectors.waiting import today

__all__ = [
    "PROBLEMS",
    "Figure",
    "Otherwise",
    "also_by",
    "figures_from",
    "forget_remembered",
    "has_any",
    "is_named",
    "note_contact",
    "place_of",
    "switch",
    "today",
    "unused",
    "unused_lately",
]
