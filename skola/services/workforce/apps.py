from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "skola.services.workforce"
    label = "workforce"

    def ready(self) -> None:
        from skola.services.courses.api import when_finished
        from skola.services.workforce.actions.assigning import note_course

        when_finished(note_course)
