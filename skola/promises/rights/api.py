"""The door of ``rights``."""

from skola.promises.rights.erasing.actions import NobodyError, erase_person, preview
from skola.promises.rights.erasing.right import ErasureRight, erasure_right
from skola.promises.rights.plan import Link, Relation, Step, plan, step_of, where

__all__ = [
    "ErasureRight",
    "Link",
    "NobodyError",
    "Relation",
    "Step",
    "erase_person",
    "erasure_right",
    "plan",
    "preview",
    "step_of",
    "where",
]
