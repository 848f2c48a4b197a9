from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "skola.services.upkeep"
    label = "upkeep"
