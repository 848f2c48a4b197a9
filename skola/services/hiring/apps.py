from django.apps import AppConfig


class HiringConfig(AppConfig):
    name = "skola.services.hiring"
    label = "hiring"

    def ready(self) -> None:
        from skola.ground.files import api as files
        from skola.services.hiring.actions import DOCUMENT
        from skola.services.hiring.queries import may_open_document

        accepted = frozenset({files.Family.DOCUMENT, files.Family.PICTURE})
        files.register(files.Kind(DOCUMENT, accepted, 10_000_000, may_open_document))
