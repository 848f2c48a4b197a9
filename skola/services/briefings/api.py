"""The door of ``briefings``."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.promises.policy.api import has
from skola.services.briefings.actions import Text, publish_edition, record_agreement, sign
from skola.services.briefings.models import Agreement, Edition, Record, Signature
from skola.services.briefings.rules.signing import Side
from skola.services.workforce.api import INSTRUCTOR, sights, tenants_today

__all__ = [
    "Agreement",
    "Edition",
    "Record",
    "Signature",
    "Text",
    "publish_edition",
    "record_agreement",
    "sign",
    "today",
]


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits for an instructor: records that the other side signed today."""
    if not has("workforce.briefings", now=now):
        return []
    day = tenants_today(now)
    found = []
    for sight in sights(request):
        if not sight.may(INSTRUCTOR):
            continue
        mine = Record.objects.filter(day=day, employment__posts__in=sight.posts(INSTRUCTOR))
        half = mine.filter(signatures__side=Side.INSTRUCTED)
        count = half.exclude(signatures__side=Side.INSTRUCTOR).count()
        if count:
            words = ngettext(
                "%(num)s briefing waits for your signature",
                "%(num)s briefings wait for your signature",
                count,
            )
            found.append(
                (
                    words % {"num": count},
                    _("Both sides sign on one day: today."),
                    reverse("briefings:signing", args=[sight.company.pk]),
                    _("Sign"),
                    True,
                )
            )
    return found
