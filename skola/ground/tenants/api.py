"""The door of ``tenants``."""

from skola.ground.tenants.context import NoTenantError, current_id, inside
from skola.ground.tenants.models import Host, Tenant, TenantModel
from skola.ground.tenants.queries import by_host, by_slug, every

__all__ = [
    "Host",
    "NoTenantError",
    "Tenant",
    "TenantModel",
    "by_host",
    "by_slug",
    "current_id",
    "every",
    "inside",
]
