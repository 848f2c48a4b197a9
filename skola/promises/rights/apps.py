from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "skola.promises.rights"
    label = "rights"

    def ready(self) -> None:
        from skola.ground.files import api as files
        from skola.promises.rights.access.actions import LARGEST
        from skola.promises.rights.access.archive import EXPORT_KIND

        def only_in_their_account(*_: object) -> bool:
            return False

        accepted = frozenset({files.Family.DOCUMENT})
        files.register(files.Kind(EXPORT_KIND, accepted, LARGEST, only_in_their_account))
