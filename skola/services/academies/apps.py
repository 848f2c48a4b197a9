from django.apps import AppConfig


class AcademiesConfig(AppConfig):
    name = "skola.services.academies"
    label = "academies"

    def ready(self) -> None:
        from skola.services.academies.logos import register_kinds

        register_kinds()
