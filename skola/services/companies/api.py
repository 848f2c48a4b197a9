"""The door of ``companies``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui import formats
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.companies.models import Representative
from skola.services.companies.queries import CAPABILITY
from skola.services.companies.views import OFFICE

__all__ = ["places", "today"]


def places(request: Any) -> Sequence[Place]:
    """Return the register, for who looks after companies."""
    if not request.person or not has(CAPABILITY, now=clock.now()):
        return []
    if not kinds(request).intersection(OFFICE):
        return []
    url = reverse("companies:register")
    return [Place(_("Companies"), url, "people", current=str(request.path).startswith(url))]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return the task to tell those who were found in public sources, until all were told."""
    if not request.person or not has(CAPABILITY, now=now):
        return []
    if not kinds(request).intersection(OFFICE):
        return []
    waiting = Representative.objects.to_inform().order_by("inform_by")
    first, count = waiting.first(), waiting.count()
    if first is None:
        return []
    title = ngettext(
        "%(count)s representative is to be told from where we have their data",
        "%(count)s representatives are to be told from where we have their data",
        count,
    )
    words = _("The first by %(day)s.") % {"day": formats.day(first.inform_by)}
    where = reverse("companies:one", args=[first.pk])
    return [(title % {"count": count}, words, where, _("Write to them"), first.inform_by <= now)]
