from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "skola.services.diary"
    label = "diary"
