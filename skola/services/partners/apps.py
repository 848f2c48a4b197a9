from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "skola.services.partners"
    label = "partners"
