from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "skola.services.papers"
    label = "papers"
