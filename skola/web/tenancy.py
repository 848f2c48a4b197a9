"""Tenants begin with a policy: publishing the first one makes the tenant."""

from datetime import datetime
from pathlib import Path

from django.db import transaction

from skola.ground.tenants.api import Host, Tenant
from skola.promises.policy.api import publish
from skola.promises.policy.load import load
from skola.promises.policy.schema import Policy


@transaction.atomic
def publish_for(file: Path, *, host: str | None = None, now: datetime) -> Policy:
    """Publish a policy, making its tenant where there is none. Raises PolicyError.

    The tenant is reached under ``host``, or under ``TENANT.localhost``, and under every host that
    the policy declares, unless another tenant has it (learnifier-1.a). Runs as the owner.
    """
    policy = load(file)
    slug = policy.policy.tenant
    tenant, made = Tenant.objects.get_or_create(
        slug=slug, defaults={"name": policy.service.name, "created_at": now}
    )
    if made or host:
        Host.objects.get_or_create(name=host or f"{slug}.localhost", defaults={"tenant": tenant})
    for name in policy.service.hosts:
        Host.objects.get_or_create(name=name, defaults={"tenant": tenant})
    return publish(file, by="skola policy publish", now=now)
