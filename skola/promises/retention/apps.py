from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RetentionConfig(AppConfig):
    name = "skola.promises.retention"
    label = "retention"

    def ready(self) -> None:
        """After the walls are built, every table with a clock gets its triggers and indexes."""
        from skola.promises.retention.triggers import drop_before_migrate, install_after_migrate

        import_module("skola.promises.retention.api")  # with what repeats events after a restore
        pre_migrate.connect(drop_before_migrate, dispatch_uid="retention.drop")
        post_migrate.connect(install_after_migrate, dispatch_uid="retention.triggers")
