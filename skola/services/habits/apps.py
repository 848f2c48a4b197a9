from django.apps import AppConfig


class HabitsConfig(AppConfig):
    name = "skola.services.habits"
    label = "habits"

    def ready(self) -> None:
        from skola.promises.rights.api import when_stopped
        from skola.services.habits.actions import forget_with_objection

        when_stopped(forget_with_objection)
