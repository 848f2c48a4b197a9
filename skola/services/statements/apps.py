from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "skola.services.statements"
    label = "statements"
