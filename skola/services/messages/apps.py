from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "skola.services.messages"
    label = "messages"

    def ready(self) -> None:
        from skola.ground.files import api as files
        from skola.services.messages.actions import ATTACHMENT
        from skola.services.messages.queries import may_open_attachment

        accepted = frozenset({files.Family.DOCUMENT, files.Family.PICTURE})
        files.register(files.Kind(ATTACHMENT, accepted, 10_000_000, may_open_attachment))
