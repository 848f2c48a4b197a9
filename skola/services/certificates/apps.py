from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "skola.services.certificates"
    label = "certificates"

    def ready(self) -> None:
        """Who finishes a course or passes its exam is awarded the certificate of the course."""
        from skola.services.certificates.actions import after_course, after_exam
        from skola.services.certificates.queries import beside_course
        from skola.services.courses.api import say_beside, when_finished
        from skola.services.exams.api import when_passed

        when_finished(after_course)
        when_passed(after_exam)
        say_beside(beside_course)
