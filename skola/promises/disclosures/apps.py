from django.apps import AppConfig


class DisclosuresConfig(AppConfig):
    name = "skola.promises.disclosures"
    label = "disclosures"
