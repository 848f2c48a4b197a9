from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "skola.ground.jobs"
    label = "jobs"
