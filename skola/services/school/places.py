"""Where schools stand in the rail, and what waits there today."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.school.models import LinkRequest, School

Thing = tuple[str, str, str, str, bool]
RUNS = frozenset({"school", "administrator"})


def places(request: Any) -> Sequence[Place]:
    """Return the schools for who administers one, or the service."""
    if not request.person or not has("diary.school", now=clock.now()):
        return []
    if not kinds(request) & RUNS:
        return []
    url = reverse("school:schools")
    return [Place(_("Schools"), url, "people", current=str(request.path).startswith(url))]


def today(request: Any, *, now: datetime) -> list[Thing]:
    """Return what waits for a school: parents who ask for access to their children."""
    if "school" not in kinds(request) or not has("diary.school", now=now):
        return []
    schools = School.objects.run_by(request.person, now)
    count = LinkRequest.objects.waiting().filter(school__in=schools).count()
    if not count:
        return []
    words = ngettext("%(count)s parent asks for access", "%(count)s parents ask for access", count)
    return [
        (
            words % {"count": count},
            _("They see nothing before the school confirms who they are."),
            reverse("school:requests"),
            _("Answer"),
            False,
        )
    ]
