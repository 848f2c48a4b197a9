from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "skola.ground.journal"
    label = "journal"
