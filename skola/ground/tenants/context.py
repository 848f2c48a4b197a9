"""Which tenant is speaking: a context variable that the database backend passes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from skola.ground.db.base import tenant as _current


class NoTenantError(Exception):
    """Work on tenants' data was begun outside of any tenant."""


@contextmanager
def inside(tenant_id: UUID | None) -> Iterator[None]:
    """Run the block as this tenant; ``None`` runs it as nobody, who sees no rows."""
    token = _current.set(tenant_id)
    try:
        yield
    finally:
        _current.reset(token)


def current_id() -> UUID:
    """Return the tenant that is speaking. Raises NoTenantError where there is none."""
    found = _current.get()
    if found is None:
        raise NoTenantError(
            "No tenant is speaking here: enter one with tenants.api.inside(tenant.pk)."
        )
    return found


def current_or_none() -> UUID | None:
    """Return the tenant that is speaking, if any; the default of every ``tenant`` column."""
    return _current.get()
