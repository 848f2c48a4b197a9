"""The Django app of the design system."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, styles and the display settings page; no tables of its own."""

    name = "skola.ground.ui"
    label = "ui"
