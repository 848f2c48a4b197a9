from django.apps import AppConfig


class GroupsConfig(AppConfig):
    name = "skola.services.groups"
    label = "groups"

    def ready(self) -> None:
        """What trainers from outside were shown is told beside everything else that left."""
        from skola.promises.disclosures.api import also_told_by
        from skola.services.groups.queries import given_to_trainers

        also_told_by(given_to_trainers)
