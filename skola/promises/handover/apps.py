from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "skola.promises.handover"
    label = "handover"
