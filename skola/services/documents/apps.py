from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "skola.services.documents"
    label = "documents"
