"""The door of ``papers``."""

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
from skola.services.papers import queries
from skola.services.papers.views import OFFICE

__all__ = ["places", "today"]


def places(request: Any) -> Sequence[Place]:
    """Return the register for the office."""
    if not request.person or not has(queries.CAPABILITY, now=clock.now()):
        return []
    if not kinds(request).intersection(OFFICE):
        return []
    url = reverse("papers:register")
    return [Place(_("Papers"), url, "file", current=str(request.path).startswith(url))]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits for the office: papers to be destroyed."""
    if not request.person or not has(queries.CAPABILITY, now=now):
        return []
    if not kinds(request).intersection(OFFICE):
        return []
    count = len(queries.to_destroy(now=now))
    if not count:
        return []
    title = ngettext(
        "%(num)s paper is to be destroyed", "%(num)s papers are to be destroyed", count
    ) % {"num": count}
    said = _("Its record is gone, or its term is over.")
    return [(title, said, reverse("papers:register"), _("Show where it stands"), True)]
