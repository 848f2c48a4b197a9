from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "skola.services.shop"
    label = "shop"

    def ready(self) -> None:
        from skola.services.billing.api import when_paid
        from skola.services.shop.actions.ordering import note_paid

        when_paid(note_paid)
