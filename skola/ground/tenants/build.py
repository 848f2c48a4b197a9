"""The walls between tenants are opened before migrations and built after them."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, transaction

from skola.ground.db import walls


def open_walls(sender: AppConfig, using: str, plan: Sequence[object] = (), **_: Any) -> None:
    """Run once before migrations, where there are any to run."""
    first = next(config for config in apps.get_app_configs() if config.models_module is not None)
    if plan and sender.label == first.label:
        with transaction.atomic(using=using):
            walls.open_for_migration(connections[using])


def build_walls(sender: AppConfig, using: str, **_: Any) -> None:
    """Run once per ``migrate``, after the last installed app: then every table is there."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.label == last.label:
        with transaction.atomic(using=using):
            walls.build(connections[using])
