"""The door of ``licences``."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground import clock
from skola.ground.people.http import kinds
from skola.ground.ui.api import Place
from skola.promises.policy.api import has
from skola.services.licences import queries
from skola.services.licences.actions import Wanted, fulfil, order
from skola.services.licences.models import Order
from skola.services.licences.rules import ends_on
from skola.services.workforce.api import TRAINING, sights, tenants_today

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


def today(request: Any, *, now: datetime) -> list[tuple[str, str, str, str, bool]]:
    """Return what waits: licences about to end for their company, unpaid orders for staff."""
    if not _is_there(now):
        return []
    day = tenants_today(now)
    found = [
        (
            change.course.title,
            change.text[:300],
            reverse("licences:mine"),
            _("See the course"),
            False,
        )
        for change in queries.changes_for(request.person, day, now - SOON)[:5]
    ]
    for sight in sights(request):
        if not sight.may(TRAINING):
            continue
        count = queries.ending_soon(sight.company.pk, day, day + SOON).count()
        if count:
            words = ngettext(
                "%(num)s licence ends within 30 days", "%(num)s licences end within 30 days", count
            )
            said = _("After its last day lessons are locked; what people did stays readable.")
            url = reverse("licences:licences", args=[sight.company.pk])
            found.append((words % {"num": count}, said, url, _("Look at it"), False))
    if "administrator" in kinds(request):
        count = Order.objects.filter(paid_at=None, withdrawn_at=None).count()
        if count:
            words = ngettext(
                "%(num)s order waits for its payment", "%(num)s orders wait for payment", count
            )
            said = _("The licence runs once the payment is noted.")
            url = reverse("licences:orders")
            found.append((words % {"num": count}, said, url, _("See the orders"), False))
    return found
