"""The door of ``applications``."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.applications.models import Plan, PlanApplication

STAFF = frozenset({"finance", "administrator"})

__all__ = ["Plan", "PlanApplication", "places"]


def places(request: Any) -> Sequence[Place]:
    """Return where a person applies, and where the office says for what."""
    if not request.person or not has("decisions.applications", now=clock.now()):
        return []
    here = str(request.path).startswith(reverse("applications:plans"))
    office = bool(kinds(request) & STAFF)
    url = reverse("applications:office" if office else "applications:plans")
    return [Place(_("Apply") if not office else _("Applications"), url, "edit", current=here)]
