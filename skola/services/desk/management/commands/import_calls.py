"""``manage.py import_calls ilearn calls.csv``: enter the call list of a telephone provider."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from skola.ground import clock
from skola.ground.tenants.api import Tenant, by_slug, inside
from skola.promises.policy.api import has
from skola.services.desk import importing, queries


class Command(BaseCommand):
    """Enters all calls of a list, or none; recordings that may not be are refused and audited."""

    help = "Enter the call list of a telephone provider into the register of a tenant."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tenant", help="short name of the tenant, such as ilearn")
        parser.add_argument("list", type=Path, help="CSV file, with the recordings beside it")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        try:
            tenant = by_slug(options["tenant"])
        except Tenant.DoesNotExist:
            raise CommandError(f"There is no tenant {options['tenant']!r}.") from None
        with inside(tenant.pk):
            if not has("desk.calls", now=now):
                raise CommandError(f"{tenant.slug}: its policy has no purpose for recorded calls.")
            try:
                with transaction.atomic():
                    rows = importing.read(options["list"], queries.zone(now))
                    report = importing.enter(rows, by="import_calls", now=now)
            except importing.BadListError as problem:
                raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"{report.calls} calls entered, {report.recordings} with a recording;"
            f" {report.refused} recordings refused."
        )
