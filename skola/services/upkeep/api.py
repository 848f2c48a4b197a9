"""The door of ``upkeep``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui import formats
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.upkeep import queries
from skola.services.upkeep.views import OFFICE

__all__ = ["places", "today"]


def places(request: Any) -> Sequence[Place]:
    """Return the works for the office."""
    if not request.person or not has(queries.CAPABILITY, now=clock.now()):
        return []
    if not kinds(request).intersection(OFFICE):
        return []
    url = reverse("upkeep:listed")
    return [Place(_("Planned works"), url, "timetable", current=str(request.path).startswith(url))]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return the works that the person was told of, until they are over."""
    if not request.person or not has(queries.CAPABILITY, now=now):
        return []
    found = []
    for works in queries.told_to(request.person, now=now).select_related("course"):
        what = works.course.title if works.course else _("the whole service")
        said = _("From %(begin)s to %(end)s.") % {
            "begin": formats.moment(works.starts_at, "medium"),
            "end": formats.moment(works.ends_at, "medium"),
        }
        title = f"{str(works.get_kind_display()).capitalize()}: {what}"
        found.append(
            (title, f"{said} {works.words}", reverse("web:account"), _("My account"), False)
        )
    return found
