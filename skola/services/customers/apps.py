from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "skola.services.customers"
    label = "customers"

    def ready(self) -> None:
        from skola.promises.rights.api import tells
        from skola.services.billing.api import beside, when_ended
        from skola.services.customers import demands
        from skola.services.customers.actions import end_terms
        from skola.services.customers.fees import settle
        from skola.services.customers.places import tab

        beside(tab)
        when_ended(settle)
        when_ended(end_terms)
        tells(demands.consequences_of, decided_at=demands.page_of)
