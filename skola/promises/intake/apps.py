from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "skola.promises.intake"
    label = "intake"
