from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "skola.services.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        """The journal learns what to repeat after a restore."""
        from skola.services.campaigns import replay  # noqa: F401
