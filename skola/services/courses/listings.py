"""Lists with names that work with courses needs."""

from django.utils.translation import gettext_lazy as _

from skola.promises.reports.api import Listing, offer

offer(
    Listing(
        id="courses.learners",
        title=_("Learners and their courses"),
        model="courses.enrolment",
        columns=(
            "person.family_name",
            "person.given_name",
            "course_title",
            "started_at",
            "finished_at",
        ),
        roles=frozenset({"administrator", "coordinator"}),
    )
)
