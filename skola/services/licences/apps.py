from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "skola.services.licences"
    label = "licences"
