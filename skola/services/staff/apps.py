from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "skola.services.staff"
    label = "staff"

    def ready(self) -> None:
        from skola.services.courses.api import when_finished
        from skola.services.staff.training import note_course

        when_finished(note_course)
