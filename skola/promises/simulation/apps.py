from django.apps import AppConfig


class SimulationConfig(AppConfig):
    name = "skola.promises.simulation"
    label = "simulation"
