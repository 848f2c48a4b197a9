from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "skola.services.billing"
    label = "billing"
