from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "skola.services.applications"
    label = "applications"

    def ready(self) -> None:
        from skola.services.applications import actions  # noqa: F401 - registers its decision
