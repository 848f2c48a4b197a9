"""The door of ``billing``."""

from skola.services.billing.models import Contract

__all__ = ["Contract"]
