from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "skola.services.campaigns"
    label = "campaigns"

    def ready(self) -> None:
        """The journal learns what to repeat after a restore, and mail what refuses offers."""
        from skola.promises.intake.api import office
        from skola.services.campaigns import (
            mailing,
            replay,  # noqa: F401
        )

        office("campaigns", order=5, wants=mailing.wants, takes=mailing.take)
