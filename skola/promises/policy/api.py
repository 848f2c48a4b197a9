"""The door of ``policy``."""

from skola.promises.policy.actions import publish
from skola.promises.policy.catalogue import InForce, NoPolicyError
from skola.promises.policy.live import has, in_force, needs

__all__ = ["InForce", "NoPolicyError", "has", "in_force", "needs", "publish"]
