from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "skola.services.briefings"
    label = "briefings"

    def ready(self) -> None:
        """Signed records are given by the page of their evidence alone, which notes it."""
        from skola.ground.files import api as files
        from skola.services.briefings.certified import DOCUMENT, LARGEST

        document = frozenset({files.Family.DOCUMENT})
        files.register(files.Kind(DOCUMENT, document, LARGEST, lambda *_: False))
