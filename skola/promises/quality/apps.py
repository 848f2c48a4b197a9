from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "skola.promises.quality"
    label = "quality"

    def ready(self) -> None:
        from skola.promises.quality import bouncing, own  # noqa: F401
