from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "skola.ground.people"
    label = "people"

    def ready(self) -> None:
        from skola.ground.people import hidden

        hidden.install()
