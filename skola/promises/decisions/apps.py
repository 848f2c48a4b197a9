from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "skola.promises.decisions"
    label = "decisions"
