from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "skola.services.shop"
    label = "shop"

    def ready(self) -> None:
        from skola.services.billing.api import when_paid
        from skola.services.shop.actions.ordering import note_paid
        from skola.services.shop.pictures import register_kinds

        when_paid(note_paid)
        register_kinds()
