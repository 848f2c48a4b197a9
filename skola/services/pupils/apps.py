from django.apps import AppConfig


class PupilsConfig(AppConfig):
    name = "skola.services.pupils"
    label = "pupils"

    def ready(self) -> None:
        from skola.services.pupils import quality  # noqa: F401
