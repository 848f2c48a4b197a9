from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ReportsConfig(AppConfig):
    name = "skola.promises.reports"
    label = "reports"

    def ready(self) -> None:
        """Rooms say in ``listings.py`` which lists with names their work needs."""
        autodiscover_modules("listings")
