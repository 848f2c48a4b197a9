from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "skola.promises.incidents"
    label = "incidents"
