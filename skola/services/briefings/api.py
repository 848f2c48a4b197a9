"""The door of ``briefings``."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground.waiting import Thing, Told, Waiting
from skola.promises.policy.api import has
from skola.services.briefings.actions import Text, publish_edition, record_agreement, sign
from skola.services.briefings.models import Agreement, Edition, Record, Signature
from skola.services.briefings.queries import ending_soon, half_signed
from skola.services.workforce.api import INSTRUCTOR, TRAINING, Company, sights, tenants_today

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


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return what waits: records that the other side signed today, and entries about to end."""
    if not has("workforce.briefings", now=now):
        return []
    found: list[Told] = []
    for sight in sights(request):
        company = sight.company
        if sight.may(INSTRUCTOR):
            half = half_signed(sight.posts(INSTRUCTOR), tenants_today(now))
            found.append(Waiting(half, partial(_to_sign, company)))
        if sight.may(TRAINING):
            found.append(Waiting(ending_soon(company, now), partial(_ending, company)))
    return found


def _to_sign(company: Company, half: QuerySet[Record]) -> list[Thing]:
    count = half.count()
    words = ngettext(
        "%(num)s briefing waits for your signature",
        "%(num)s briefings wait for your signature",
        count,
    )
    said = _("Both sides sign on one day: today.")
    url = reverse("briefings:signing", args=[company.pk])
    return [(words % {"num": count}, said, url, _("Sign"), True)]


def _ending(company: Company, records: QuerySet[Record]) -> list[Thing]:
    count = records.count()
    words = ngettext(
        "%(num)s entry of your journal of briefings ends soon",
        "%(num)s entries of your journal of briefings end soon",
        count,
    )
    said = _("They go with the term of the policy. Take what you need as evidence before.")
    url = reverse("briefings:journal", args=[company.pk])
    return [(words % {"num": count}, said, url, _("Look at them"), False)]
