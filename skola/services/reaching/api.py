"""The door of ``reaching``."""

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
from skola.services.reaching import queries
from skola.services.reaching.actions import reach
from skola.services.reaching.pushing import can_push, devices_for, push
from skola.services.reaching.queries import CAPABILITY
from skola.services.reaching.views.office import OFFICE
from skola.services.reaching.webpush import CarrierError

__all__ = [
    "CAPABILITY",
    "CarrierError",
    "can_push",
    "devices_for",
    "places",
    "push",
    "reach",
    "today",
]


def places(request: Any) -> Sequence[Place]:
    """Return the notices for the office."""
    if not request.person or not has(CAPABILITY, now=clock.now()):
        return []
    if not kinds(request).intersection(OFFICE):
        return []
    url = reverse("reaching:listed")
    return [Place(_("Notices"), url, "note", current=str(request.path).startswith(url))]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return notices that the person has not read; for the office, calls and letters."""
    if not request.person or not has(CAPABILITY, now=now):
        return []
    found = []
    if new := queries.inbox(request.person).unread().count():
        words = ngettext("%(num)s new notice", "%(num)s new notices", new) % {"num": new}
        why = _("Something that we have to tell you.")
        found.append((words, why, reverse("reaching:inbox"), _("Read"), False))
    count = queries.to_do().count() if kinds(request).intersection(OFFICE) else 0
    if count:
        words = ngettext(
            "%(num)s call or letter waits", "%(num)s calls and letters wait", count
        ) % {"num": count}
        why = _("These people cannot be reached otherwise.")
        found.append((words, why, reverse("reaching:to_do"), _("Do it"), False))
    return found
