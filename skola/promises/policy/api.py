"""The door of ``policy``."""

from skola.promises.policy.live import InForce, NoPolicy, has, in_force, needs

__all__ = ["InForce", "NoPolicy", "has", "in_force", "needs"]
