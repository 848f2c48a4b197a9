from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "skola.promises.statistics"
    label = "statistics"
