"""The door of ``habits``."""

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
from skola.services.habits import queries
from skola.services.habits.views import OFFICE

__all__ = ["places", "today"]


def places(request: Any) -> Sequence[Place]:
    """Return one's own page, and the register for the office."""
    if not request.person or not has(queries.CAPABILITY, now=clock.now()):
        return []
    here = str(request.path)
    own, register = reverse("habits:mine"), reverse("habits:register")
    found = [Place(_("Your opinion"), own, "exercise", current=here == own)]
    if kinds(request).intersection(OFFICE):
        current = here.startswith(register)
        found.append(Place(_("Complaints"), register, "desk", current=current))
    return found


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits for the office: complaints without an answer."""
    if not request.person or not has(queries.CAPABILITY, now=now):
        return []
    if not kinds(request).intersection(OFFICE):
        return []
    count = queries.complaints().filter(answered_at=None).count()
    if not count:
        return []
    words = ngettext(
        "%(count)s complaint waits for an answer",
        "%(count)s complaints wait for an answer",
        count,
    ) % {"count": count}
    said = _("Somebody is not content with a service.")
    return [(words, said, reverse("habits:register"), _("Answer"), False)]
