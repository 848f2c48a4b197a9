from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "skola.web"
    label = "web"
