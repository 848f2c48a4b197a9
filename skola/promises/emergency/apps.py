from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    name = "skola.promises.emergency"
    label = "emergency"
