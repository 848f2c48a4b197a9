"""The door of ``billing``."""

from skola.services.billing.models import Contract

__all__ = ["Contract", "places"]


def places(request: object) -> list[object]:
    """Nothing yet."""
    return []
