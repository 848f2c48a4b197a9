"""The door of ``academies``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.academies.actions.ending import look_after
from skola.services.academies.actions.founding import Founding, found_academy

__all__ = ["Founding", "found_academy", "look_after", "places"]


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
