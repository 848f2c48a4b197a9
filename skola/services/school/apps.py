from django.apps import AppConfig


class SchoolConfig(AppConfig):
    name = "skola.services.school"
    label = "school"
