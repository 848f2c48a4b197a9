from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "skola.services.forums"
    label = "forums"
