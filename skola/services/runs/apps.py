from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "skola.services.runs"
    label = "runs"
