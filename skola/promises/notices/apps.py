from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "skola.promises.notices"
    label = "notices"
