from django.apps import AppConfig
from django.core import checks


class InventoryConfig(AppConfig):
    name = "skola.promises.inventory"
    label = "inventory"

    def ready(self) -> None:
        """Let ``manage.py check`` read the declarations, and ``--database`` the catalogue too."""
        from skola.promises.inventory.catalogue import catalogue_is_declared
        from skola.promises.inventory.checks import declarations_are_whole

        checks.register(declarations_are_whole, "privacy")
        checks.register(catalogue_is_declared, "privacy", checks.Tags.database)
