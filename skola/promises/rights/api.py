"""The door of ``rights``."""

from skola.promises.rights.plan import Link, Relation, Step, plan, step_of, where

__all__ = ["Link", "Relation", "Step", "plan", "step_of", "where"]
