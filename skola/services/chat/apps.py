from importlib import import_module

from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "skola.services.chat"
    label = "chat"

    def ready(self) -> None:
        import_module("skola.services.chat.tasks")
