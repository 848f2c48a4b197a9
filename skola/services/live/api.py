"""The door of ``live``."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from skola.promises.policy.api import has
from skola.services.live import queries

__all__ = ["today"]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return the live lessons that are on for the visitor."""
    if not request.person or not has(queries.CAPABILITY, now=now):
        return []
    said = _("Your group meets now. Read along, and ask.")
    return [
        (
            _("Live: %(title)s") % {"title": one.run.programme.title},
            said,
            reverse("live:lesson", args=[one.pk]),
            _("Open the live lesson"),
            True,
        )
        for one in queries.now_open(request.person, now=now)
    ]
