from django.apps import AppConfig


class PupilsConfig(AppConfig):
    name = "skola.services.pupils"
    label = "pupils"
