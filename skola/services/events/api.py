"""The door of ``events``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui import formats
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.promises.rights.api import zone_of
from skola.services.events import queries
from skola.services.events.links import address_of
from skola.services.events.models import Event, Registration
from skola.services.events.views.office import OFFICE

__all__ = ["Event", "Registration", "places", "today"]


def places(request: Any) -> Sequence[Place]:
    """Return the office for who holds events, the events ahead for everybody else."""
    if not has(queries.CAPABILITY, now=clock.now()):
        return []
    works = request.person and kinds(request).intersection(OFFICE)
    where = reverse("events:office" if works else "events:listed")
    here = str(request.path).startswith(reverse("events:listed"))
    return [Place(_("Events"), where, "timetable", current=here)]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return the events for which the person is registered, the next on top."""
    if not request.person or not has(queries.CAPABILITY, now=now):
        return []
    mine = Registration.objects.filter(person=request.person).ahead(now).select_related("event")
    with timezone.override(zone_of(now)):
        return [
            (
                one.event.title,
                f"{formats.moment(one.event.starts_at)}, {one.event.place}",
                address_of(one),
                _("See the registration"),
                False,
            )
            for one in mine.order_by("event__starts_at")[:3]
        ]
