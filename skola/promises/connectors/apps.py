from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "skola.promises.connectors"
    label = "connectors"

    def ready(self) -> None:
        """Errors of pages are noticed, and mails ask who carries them."""
        from skola.promises.connectors import carrying, http  # noqa: F401
