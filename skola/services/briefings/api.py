"""The door of ``briefings``."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.promises.policy.api import has
from skola.services.briefings.actions import Text, publish_edition, record_agreement, sign
from skola.services.briefings.models import Agreement, Edition, Record, Signature
from skola.services.briefings.queries import ending_soon
from skola.services.briefings.rules.signing import Side
from skola.services.workforce.api import INSTRUCTOR, TRAINING, Sight, sights, tenants_today

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
    """Return what waits: records that the other side signed today, and entries about to end."""
    if not has("workforce.briefings", now=now):
        return []
    found = []
    for sight in sights(request):
        if sight.may(INSTRUCTOR) and (count := _half_signed(sight, tenants_today(now))):
            words = ngettext(
                "%(num)s briefing waits for your signature",
                "%(num)s briefings wait for your signature",
                count,
            )
            said, where = _("Both sides sign on one day: today."), "briefings:signing"
            url = reverse(where, args=[sight.company.pk])
            found.append((words % {"num": count}, said, url, _("Sign"), True))
        if sight.may(TRAINING) and (count := ending_soon(sight.company, now)):
            words = ngettext(
                "%(num)s entry of your journal of briefings ends soon",
                "%(num)s entries of your journal of briefings end soon",
                count,
            )
            said = _("They go with the term of the policy. Take what you need as evidence before.")
            url = reverse("briefings:journal", args=[sight.company.pk])
            found.append((words % {"num": count}, said, url, _("Look at them"), False))
    return found


def _half_signed(sight: Sight, day: date) -> int:
    mine = Record.objects.filter(day=day, employment__posts__in=sight.posts(INSTRUCTOR))
    half = mine.filter(signatures__side=Side.INSTRUCTED)
    return half.exclude(signatures__side=Side.INSTRUCTOR).count()
