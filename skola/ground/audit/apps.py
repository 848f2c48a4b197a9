from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "skola.ground.audit"
    label = "audit"
