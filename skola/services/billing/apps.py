from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "skola.services.billing"
    label = "billing"

    def ready(self) -> None:
        from skola.services.billing import credit  # noqa: F401 - registers its decision
        from skola.services.billing.debts import recall
        from skola.services.billing.invoicing import when_credited, when_paid

        when_paid(recall)
        when_credited(recall)
