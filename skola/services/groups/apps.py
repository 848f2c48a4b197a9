from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "skola.services.groups"
    label = "groups"
