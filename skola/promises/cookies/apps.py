from django.apps import AppConfig


class CookiesConfig(AppConfig):
    name = "skola.promises.cookies"
    label = "cookies"
