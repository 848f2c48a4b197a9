"""Finding tenants. Hosts are looked up on every request and therefore remembered for a minute."""

import time

from django.conf import settings

from skola.ground.tenants.context import current_id
from skola.ground.tenants.models import Host, Tenant

REMEMBER_SECONDS = 60
UNKNOWN_SECONDS = 2
"""A host that is nobody's may be somebody's in a moment: tenants are founded while we run."""
_remembered: dict[str, tuple[float, Tenant | None]] = {}


def by_host(name: str) -> Tenant | None:
    """Return the active tenant reached under this host name (no port), or None."""
    known = _remembered.get(name)
    if known and time.monotonic() < known[0]:
        return known[1]
    found = Tenant.objects.filter(hosts__name=name.lower(), is_active=True).first()
    if len(_remembered) > 10_000:  # an attacker's host names must not fill the memory
        _remembered.clear()
    seconds = REMEMBER_SECONDS if found else UNKNOWN_SECONDS
    _remembered[name] = (time.monotonic() + seconds, found)
    return found


def forget_hosts() -> None:
    """Forget what was remembered; for changes of hosts, and for tests."""
    _remembered.clear()


def by_slug(slug: str) -> Tenant:
    """Return the tenant with this short name. Raises Tenant.DoesNotExist."""
    return Tenant.objects.get(slug=slug)


def site() -> str:
    """Return where the pages of the speaking tenant are, without a slash at its end.

    Scheme and port are those of the setting ``SKOLA_SITE``.
    """
    host = Host.objects.filter(tenant=current_id()).order_by("pk").first()
    return str(settings.SITE).format(host=host.name) if host else ""


def every() -> list[Tenant]:
    """Return all active tenants, by short name."""
    return list(Tenant.objects.filter(is_active=True).order_by("slug"))


def every_served() -> list[Tenant]:
    """Return those whose service is open here: not handed over to another controller."""
    return [tenant for tenant in every() if tenant.handed_over_at is None]
