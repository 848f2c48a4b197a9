"""The door of ``undertakings``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.ground.waiting import Told, Waiting
from skola.promises.policy.api import has
from skola.services.undertakings import queries
from skola.services.undertakings.views import OFFICE

__all__ = ["asks_to_sign", "places", "today"]


def asks_to_sign(request: Any, *, now: datetime) -> bool:
    """Whether the visitor holds a role that opens nothing before they have signed."""
    if not request.person or not has(queries.CAPABILITY, now=now):
        return False
    return queries.unsigned(request.person, now).exists()


def places(request: Any) -> Sequence[Place]:
    """Return the register of undertakings, for administrators and officers."""
    if not request.person or not has(queries.CAPABILITY, now=clock.now()):
        return []
    if not kinds(request).intersection(OFFICE):
        return []
    url = reverse("undertakings:register")
    here = str(request.path).startswith(url)
    return [Place(_("Undertakings"), url, "lock", current=here)]


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return the undertaking that somebody of the staff has still to sign."""
    if not request.person or not has(queries.CAPABILITY, now=now):
        return []
    title = _("Undertaking of confidentiality")
    words = _("Until you have signed it, your role opens nothing.")
    to_sign = (title, words, reverse("undertakings:sign"), _("Read and sign"), True)
    return [Waiting(queries.unsigned(request.person, now), lambda _rows: [to_sign])]
