from django.apps import AppConfig


class NetworksConfig(AppConfig):
    name = "skola.services.networks"
    label = "networks"
