from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "skola.services.documents"
    label = "documents"

    def ready(self) -> None:
        """Who has another name now is offered documents in it."""
        from skola.promises.rights.api import on_correction
        from skola.services.documents.actions import offer_reissue

        on_correction(offer_reissue)
