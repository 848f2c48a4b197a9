from django.apps import AppConfig


class ExamsConfig(AppConfig):
    name = "skola.services.exams"
    label = "exams"

    def ready(self) -> None:
        from skola.ground.files import api as files
        from skola.services.exams.actions.filming import FILM
        from skola.services.exams.actions.sitting import PAPERS
        from skola.services.exams.queries import may_see_film, may_see_papers

        video, picture = frozenset({files.Family.VIDEO}), frozenset({files.Family.PICTURE})
        files.register(files.Kind(FILM, video, 0, may_see_film))
        files.register(files.Kind(PAPERS, picture, 10_000_000, may_see_papers))
