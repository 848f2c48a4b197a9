from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "skola.services.workforce"
    label = "workforce"
