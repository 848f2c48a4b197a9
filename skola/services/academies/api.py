"""The door of ``academies``."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.academies.actions.founding import Founding, found_academy
from skola.services.academies.queries import logo_of_tenant

__all__ = ["Founding", "found_academy", "logo", "places"]


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


def logo() -> UUID | None:
    """Return the file of the speaking academy's logo; None where it has none, or is no academy."""
    return logo_of_tenant() if has("academy.own", now=clock.now()) else None
