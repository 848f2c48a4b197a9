from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "skola.ground.people"
    label = "people"
