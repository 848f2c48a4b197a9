from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "skola.web"
    label = "web"

    def ready(self) -> None:
        import_module("skola.web.signup")  # with what repeats events after a restore
        import_module("skola.web.security")  # listens to sign-ins, whichever way they come
