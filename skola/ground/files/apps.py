from importlib import import_module

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "skola.ground.files"
    label = "files"

    def ready(self) -> None:
        import_module("skola.ground.files.api")  # with what repeats events after a restore
