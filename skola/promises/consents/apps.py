from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "skola.promises.consents"
    label = "consents"
