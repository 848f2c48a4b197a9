from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "skola.promises.rights"
    label = "rights"

    def ready(self) -> None:
        from skola.ground.files import api as files
        from skola.ground.signatures.api import LARGEST as SIGNED_LARGEST
        from skola.promises.intake.api import office
        from skola.promises.rights.access.actions import LARGEST
        from skola.promises.rights.access.archive import EXPORT_KIND
        from skola.promises.rights.mailing import taking
        from skola.promises.rights.signed.handing import KIND as SIGNED_KIND

        office("rights", order=10, wants=taking.wants, takes=taking.take)
        office("rights, the rest", order=90, wants=taking.wants_the_rest, takes=taking.take)

        def only_in_their_account(*_: object) -> bool:
            return False

        accepted = frozenset({files.Family.DOCUMENT})
        files.register(files.Kind(SIGNED_KIND, accepted, SIGNED_LARGEST, only_in_their_account))
        files.register(files.Kind(EXPORT_KIND, accepted, LARGEST, only_in_their_account))
