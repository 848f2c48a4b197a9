from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "skola.services.community"
    label = "community"
