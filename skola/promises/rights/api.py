"""The door of ``rights``."""

from skola.promises.rights.erasing.actions import NobodyError, erase_person, preview
from skola.promises.rights.erasing.freeze import GrantedError, is_granted, withdraw_erasure
from skola.promises.rights.erasing.right import ErasureRight, erasure_right
from skola.promises.rights.plan import Link, Relation, Step, plan, step_of, where

__all__ = [
    "ErasureRight",
    "GrantedError",
    "Link",
    "NobodyError",
    "Relation",
    "Step",
    "erase_person",
    "erasure_right",
    "is_granted",
    "plan",
    "preview",
    "step_of",
    "where",
    "withdraw_erasure",
]
