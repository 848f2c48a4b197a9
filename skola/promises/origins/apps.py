from django.apps import AppConfig


class OriginsConfig(AppConfig):
    name = "skola.promises.origins"
    label = "origins"
