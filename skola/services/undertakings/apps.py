from django.apps import AppConfig


class UndertakingsConfig(AppConfig):
    name = "skola.services.undertakings"
    label = "undertakings"

    def ready(self) -> None:
        """A role of the staff that is granted asks for the signature at once."""
        from skola.ground.people.api import when_granted
        from skola.services.undertakings.actions import ask

        when_granted(ask)
