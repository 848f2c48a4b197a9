from django.apps import AppConfig


class AcademiesConfig(AppConfig):
    name = "skola.services.academies"
    label = "academies"

    def ready(self) -> None:
        """Its pictures, and whom to tell of a new sub-processor."""
        from skola.promises.disclosures.api import on_announcement
        from skola.services.academies.actions.subprocessors import tell_clients_later
        from skola.services.academies.logos import register_kinds

        register_kinds()
        on_announcement(tell_clients_later)
