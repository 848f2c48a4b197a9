from django.apps import AppConfig


class ReachingConfig(AppConfig):
    name = "skola.services.reaching"
    label = "reaching"

    def ready(self) -> None:
        """Mails that come back are heard of."""
        from skola.services.reaching import following  # noqa: F401
