from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "skola.services.live"
    label = "live"
