from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class GateConfig(AppConfig):
    name = "skola.promises.gate"
    label = "gate"

    def ready(self) -> None:
        """After the walls are built, every table with a path to a person gets its policies."""
        from skola.promises.gate import replay  # noqa: F401 - tells the journal what to repeat
        from skola.promises.gate.ended import watch
        from skola.promises.gate.policies import drop_before_migrate, install_after_migrate

        watch()
        pre_migrate.connect(drop_before_migrate, dispatch_uid="gate.drop")
        post_migrate.connect(install_after_migrate, dispatch_uid="gate.policies")
