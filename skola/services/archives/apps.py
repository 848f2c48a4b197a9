from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    name = "skola.services.archives"
    label = "archives"

    def ready(self) -> None:
        from skola.ground.files import api as files
        from skola.services.archives import tasks  # noqa: F401  # the daily look
        from skola.services.archives.packing import KIND, LARGEST

        def nobody(*_: object) -> bool:
            return False

        files.register(files.Kind(KIND, frozenset({files.Family.DOCUMENT}), LARGEST, nobody))
