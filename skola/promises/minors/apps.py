from django.apps import AppConfig


class MinorsConfig(AppConfig):
    name = "skola.promises.minors"
    label = "minors"
