"""The door of ``academies``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.tenants.api import inside
from skola.ground.ui import formats
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.academies.actions.ending import look_after
from skola.services.academies.actions.founding import Founding, found_academy
from skola.services.academies.models import Assist
from skola.services.academies.queries import subprocessors_by_name

__all__ = ["Founding", "found_academy", "look_after", "places", "today"]


def places(request: Any) -> Sequence[Place]:
    """Return the academies of a customer, those of all for staff, and an academy's own affairs."""
    if not request.person:
        return []
    now = clock.now()
    here = str(request.path)
    found = []
    if has("academy.client", now=now):
        staff = bool(kinds(request) & {"support", "administrator"})
        name = "academies:clients" if staff else "academies:mine"
        label = _("Academies") if staff else _("My academies")
        current = here.startswith(reverse("academies:clients"))
        found.append(Place(label, reverse(name), "home", current=current))
    if has("academy.own", now=now) and kinds(request) & {"administrator", "officer"}:
        url = reverse("academies:own")
        if "administrator" not in kinds(request):
            url = reverse("academies:agreement")
        found.append(Place(_("Academy"), url, "home", current=here.startswith(url)))
    return found


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits: help asked of the operator's staff; for a client, a new sub-processor."""
    return [*_help_asked(request, now), *_begins(request, now)]


def _begins(request: Any, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """A sub-processor that was announced and has not begun yet (learnifier-3.2.d)."""
    if not has("academy.own", now=now) or "administrator" not in kinds(request):
        return []
    with inside(request.tenant.operator_id):
        waiting = [one for one in subprocessors_by_name(now) if not one.has_begun]
    said = _("%(name)s works on data of your academy from %(day)s on.")
    return [
        (
            _("A new sub-processor"),
            said % {"name": one.name, "day": formats.day(one.first)},
            reverse("academies:agreement"),
            _("Look at it"),
            False,
        )
        for one in waiting
    ]


def _help_asked(request: Any, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    if not has("academy.client", now=now) or not kinds(request) & {"support", "administrator"}:
        return []
    waiting = Assist.objects.filter(acknowledged_at=None)
    late = any(one.is_overdue(now) for one in waiting)
    if not (count := waiting.count()):
        return []
    words = ngettext("%(num)s client asks for help", "%(num)s clients ask for help", count)
    said = _("The term to acknowledge it is over.") if late else _("Say what will be done.")
    return [(words % {"num": count}, said, reverse("academies:assists"), _("Acknowledge"), late)]
