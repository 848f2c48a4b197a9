"""The door of ``licences``."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.ground.waiting import Thing, Told, Waiting
from skola.promises.policy.api import has
from skola.services.licences import queries
from skola.services.licences.actions import Wanted, fulfil, order
from skola.services.licences.models import Change, Licence, Order
from skola.services.licences.rules import ends_on
from skola.services.workforce.api import TRAINING, Company, sights, tenants_today

__all__ = ["Wanted", "ends_on", "fulfil", "order", "places", "today"]

SOON = timedelta(days=30)
"""So long before the end of a licence its company is told."""


def _is_there(now: datetime) -> bool:
    return has(queries.CAPABILITY, now=now) and has("workforce.briefings", now=now)


def places(request: Any) -> Sequence[Place]:
    """Return the orders, for staff. One's own seats are found in the account and the training."""
    if not request.person or "administrator" not in kinds(request) or not _is_there(clock.now()):
        return []
    orders = reverse("licences:orders")
    current = str(request.path).startswith(orders)
    return [Place(_("Orders"), orders, "shop", current=current)]


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return what waits: licences about to end for their company, unpaid orders for staff."""
    if not _is_there(now):
        return []
    day = tenants_today(now)
    changes = queries.changes_for(request.person, day, now - SOON)
    found: list[Told] = [Waiting(changes, _changed)]
    for sight in sights(request):
        if sight.may(TRAINING):
            ending = queries.ending_soon(sight.company.pk, day, day + SOON)
            found.append(Waiting(ending, partial(_ending, sight.company)))
    if "administrator" in kinds(request):
        found.append(Waiting(Order.objects.filter(paid_at=None, withdrawn_at=None), _unpaid))
    return found


def _changed(changes: QuerySet[Change]) -> list[Thing]:
    url = reverse("licences:mine")
    return [
        (change.course.title, change.text[:300], url, _("See the course"), False)
        for change in changes[:5]
    ]


def _ending(company: Company, licences: QuerySet[Licence]) -> list[Thing]:
    count = licences.count()
    words = ngettext(
        "%(num)s licence ends within 30 days", "%(num)s licences end within 30 days", count
    )
    said = _("After its last day lessons are locked; what people did stays readable.")
    url = reverse("licences:licences", args=[company.pk])
    return [(words % {"num": count}, said, url, _("Look at it"), False)]


def _unpaid(orders: QuerySet[Order]) -> list[Thing]:
    count = orders.count()
    words = ngettext(
        "%(num)s order waits for its payment", "%(num)s orders wait for payment", count
    )
    said = _("The licence runs once the payment is noted.")
    return [(words % {"num": count}, said, reverse("licences:orders"), _("See the orders"), False)]
