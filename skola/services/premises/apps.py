from django.apps import AppConfig


class PremisesConfig(AppConfig):
    name = "skola.services.premises"
    label = "premises"
