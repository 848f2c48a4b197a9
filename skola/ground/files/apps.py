from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "skola.ground.files"
    label = "files"
