from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "skola.promises.handover"
    label = "handover"

    def ready(self) -> None:
        from skola.promises.handover import moving  # noqa: F401  # repeats after a restore
        from skola.promises.handover.queries import OBJECTION
        from skola.promises.rights.api import may_be_objected_to

        may_be_objected_to(OBJECTION)
