from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "skola.services.events"
    label = "events"
