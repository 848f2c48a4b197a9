from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "skola.promises.rights"
    label = "rights"
