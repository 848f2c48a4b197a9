from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "skola.services.records"
    label = "records"

    def ready(self) -> None:
        """The file to take along has the learning record and the certificates."""
        from skola.promises.rights.api import take_along
        from skola.services.records.giving import badges, statements

        take_along("learning", statements)
        take_along("education_document", badges)
