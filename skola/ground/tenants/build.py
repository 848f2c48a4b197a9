"""After the last app has migrated, the walls between tenants are built."""

from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, transaction

from skola.ground.db import walls


def build_walls(sender: AppConfig, using: str, **_: Any) -> None:
    """Run once per ``migrate``, after the last installed app: then every table is there."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.label == last.label:
        with transaction.atomic(using=using):
            walls.build(connections[using])
