"""Keys of the cache begin with the tenant, so that no tenant reads what another one put there."""

from skola.ground.tenants.context import current_or_none


def key(name: str, prefix: str, version: int) -> str:
    """Return the key under which Django's cache keeps ``name`` for the speaking tenant."""
    return f"{current_or_none() or 'installation'}:{prefix}:{version}:{name}"
