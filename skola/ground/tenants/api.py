"""The door of ``tenants``."""

from skola.ground.tenants.context import NoTenantError, current_id, inside
from skola.ground.tenants.founding import TakenError, close, found
from skola.ground.tenants.models import Host, Tenant, TenantModel
from skola.ground.tenants.queries import by_host, by_slug, every

__all__ = [
    "Host",
    "NoTenantError",
    "TakenError",
    "Tenant",
    "TenantModel",
    "by_host",
    "by_slug",
    "close",
    "current_id",
    "every",
    "found",
    "inside",
]
