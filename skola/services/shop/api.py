"""The door of ``shop``."""

from collections.abc import Sequence
from datetime import datetime
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
from skola.services.shop import queries
from skola.services.shop.actions.closing import close_shop, has_sold, open_again, standing
from skola.services.shop.models import Order
from skola.services.shop.queries import closed_at
from skola.services.shop.rules import OrderState

__all__ = [
    "close_shop",
    "closed_at",
    "has_sold",
    "open_again",
    "places",
    "standing",
    "today",
]

_STAFF = frozenset({"finance", "administrator"})


def places(request: Any) -> Sequence[Place]:
    """Return the shop for everybody; for staff the orders. No page asks whether it is empty."""
    now = clock.now()
    if not has("shop.orders", now=now):
        return []
    here, base = str(request.path), reverse("shop:shop")
    if kinds(request) & _STAFF:
        return [Place(_("Shop"), reverse("shop:office"), "shop", current=here.startswith(base))]
    return [Place(_("Shop"), base, "shop", current=here.startswith(base))]


def today(request: Any, *, now: datetime) -> list[Told]:
    """Return refunds to decide, for staff; orders that are not paid, for who ordered."""
    if not has("shop.orders", now=now):
        return []
    if kinds(request) & _STAFF:
        return [*_to_decide()]
    unpaid = Order.objects.of(request.person).filter(paid_at=None, opened_at=None, ended_at=None)
    return [Waiting(unpaid, _unpaid)]


def _unpaid(unpaid: QuerySet[Order]) -> list[Thing]:
    return [
        (
            _("Order %(number)s is not paid") % {"number": one.label},
            one.title,
            queries.address_of(one),
            _("Look at it"),
            False,
        )
        for one in unpaid.order_by("-placed_at")[:3]
        if one.state is OrderState.TO_PAY
    ]


def _to_decide() -> list[Thing]:
    count = queries.waiting_refunds().count()
    if not count:
        return []
    words = ngettext("%(num)s refund is asked for", "%(num)s refunds are asked for", count)
    said = _("The customer waits for a decision.")
    return [(words % {"num": count}, said, reverse("shop:office"), _("Decide"), False)]
