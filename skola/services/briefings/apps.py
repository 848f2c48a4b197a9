from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "skola.services.briefings"
    label = "briefings"
