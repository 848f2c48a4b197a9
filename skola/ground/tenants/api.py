"""The door of ``tenants``."""

from skola.ground.tenants.context import NoTenantError, current_id, inside
from skola.ground.tenants.departing import come_back, depart
from skola.ground.tenants.founding import TakenError, close, found
from skola.ground.tenants.models import Host, Tenant, TenantModel
from skola.ground.tenants.queries import (
    REMEMBER_SECONDS,
    by_host,
    by_slug,
    every,
    every_served,
    forget_hosts,
    site,
)

__all__ = [
    "REMEMBER_SECONDS",
    "Host",
    "NoTenantError",
    "TakenError",
    "Tenant",
    "TenantModel",
    "by_host",
    "by_slug",
    "close",
    "come_back",
    "current_id",
    "depart",
    "every",
    "every_served",
    "forget_hosts",
    "found",
    "inside",
    "site",
]
