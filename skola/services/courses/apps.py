from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "skola.services.courses"
    label = "courses"

    def ready(self) -> None:
        from skola.services.courses.uploads import register_kinds

        register_kinds()
