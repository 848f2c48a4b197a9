from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "skola.promises.policy"
    label = "policy"
