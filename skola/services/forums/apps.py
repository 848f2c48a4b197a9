from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "skola.services.forums"
    label = "forums"

    def ready(self) -> None:
        """The page of a course leads its people to the forums of the course."""
        from skola.services.courses.api import say_beside
        from skola.services.forums.queries import beside_course

        say_beside(beside_course)
