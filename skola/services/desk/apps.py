from importlib import import_module

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "skola.services.desk"
    label = "desk"

    def ready(self) -> None:
        import_module("skola.services.desk.actions")  # with what repeats events after a restore
        from skola.ground.files import api as files
        from skola.promises.intake.api import office
        from skola.promises.rights.api import finder, numbers
        from skola.services.desk import calling, mailing, queries
        from skola.services.desk.calling import AUDIO

        office("desk", order=50, wants=mailing.wants, takes=mailing.take)
        finder("desk", queries.people_under)
        numbers("desk", queries.is_known_number, calling.adopt_number)

        # never opened by its own address: playing goes through the register, which audits it
        files.register(
            files.Kind(AUDIO, frozenset({files.Family.AUDIO}), 200_000_000, lambda *_: False)
        )
