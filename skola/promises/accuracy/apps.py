from django.apps import AppConfig


class AccuracyConfig(AppConfig):
    name = "skola.promises.accuracy"
    label = "accuracy"
