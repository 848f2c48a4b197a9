from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "skola.services.visits"
    label = "visits"

    def ready(self) -> None:
        from skola.services.visits import actions, http  # noqa: F401 - what ends with a consent
