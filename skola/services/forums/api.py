"""The door of ``forums``."""

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
from skola.services.forums import queries

__all__ = ["closed_to_robots", "places", "today"]


def places(request: Any) -> Sequence[Place]:
    """Return the forums, for visitors only where some may be open to everybody."""
    now = clock.now()
    if not (queries.is_there(now) if request.person else has(queries.OPEN, now=now)):
        return []
    url = reverse("forums:forums")
    return [Place(_("Forums"), url, "messages", current=str(request.path).startswith(url))]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits for who moderates: posts that were reported."""
    if not request.person or not queries.is_there(now):
        return []
    visitor = queries.visitor_of(request.person, kinds(request), now)
    if not (visitor.runs or visitor.makes):
        return []
    count = queries.waiting_for(visitor, request.person, now).count()
    if not count:
        return []
    words = ngettext("%(count)s post was reported", "%(count)s posts were reported", count)
    said = _("Decide whether it stays.")
    return [(words % {"count": count}, said, reverse("forums:desk"), _("Decide"), True)]


def closed_to_robots(now: datetime) -> list[str]:
    """Return the addresses that robots leave out: all, unless a forum is for everybody."""
    if not queries.is_there(now):
        return []
    all_of_it = reverse("forums:forums")
    if not queries.has_public(now):
        return [all_of_it]
    return [reverse(f"forums:{name}") for name in ("mine", "name", "desk")] + [f"{all_of_it}posts/"]
