"""Fill the demo: tenants, people, and what each room adds. Runs as the owner, in its own process."""

import importlib
import os
import sys
import time
from datetime import datetime
from random import Random

ROOMS = ("courses", "billing", "desk", "hiring")
"""Rooms with a ``demo`` module whose ``populate`` adds their history."""


def main(people: int) -> None:
    """Make every tenant that is not there yet; what is there stays as it is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skola.settings")
    import django

    django.setup()
    from django.conf import settings

    from skola.ground import clock
    from skola.ground.tenants.api import Tenant
    from skola.web.demo.tenants import SERVICES
    from skola.web.tenancy import publish_for

    now = clock.now()
    for service in SERVICES:
        if Tenant.objects.filter(slug=service.slug).exists():
            continue
        begun = time.monotonic()
        print(f"  {service.name}: people, courses and history …", end="", flush=True)
        for file in sorted((settings.ROOT / "policies" / service.slug).glob("*.toml")):
            publish_for(file, now=now)
        tenant = Tenant.objects.get(slug=service.slug)
        _fill(tenant, service, people=people, now=now)
        print(f" {time.monotonic() - begun:.1f} s", flush=True)


def _fill(tenant: "Tenant", service: "Service", *, people: int, now: datetime) -> None:
    from django.db import transaction

    from skola.ground.tenants.api import inside
    from skola.web.demo.history import make_history
    from skola.web.demo.people import make_crowd, make_personas

    chance = Random(f"skola {service.slug}")  # noqa: S311
    with inside(tenant.pk), transaction.atomic():
        everybody = make_personas(service, now)
        everybody += make_crowd(service, size=people, chance=chance, now=now)
        make_history(everybody, chance, now, personas=len(service.personas))
        for room in ROOMS:
            name = f"skola.services.{room}.demo"
            importlib.import_module(name).populate(service.slug, everybody, chance, now)


if __name__ == "__main__":
    from skola.ground.tenants.models import Tenant
    from skola.web.demo.tenants import Service

    main(int(sys.argv[1]))
