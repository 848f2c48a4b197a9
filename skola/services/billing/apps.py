from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "skola.services.billing"
    label = "billing"

    def ready(self) -> None:
        from skola.services.billing import credit  # noqa: F401 - registers its decision
