from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "skola.services.surveys"
    label = "surveys"

    def ready(self) -> None:
        from skola.promises.consents.api import when_one_ends
        from skola.services.courses.api import when_finished
        from skola.services.surveys.actions import ask_about_course, forget

        when_one_ends(forget)
        when_finished(ask_about_course)
