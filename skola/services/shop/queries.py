"""Reads of the shop that more than one caller needs."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core import signing
from django.db.models import Count, QuerySet
from django.urls import reverse

from skola.ground import clock
from skola.promises.policy.api import in_force
from skola.services.billing import api as billing
from skola.services.licences.api import ends_on
from skola.services.shop.models import Document, Order, Product, Refund

ORDER, SEAT = "shop.order", "shop.seat"
"""Salts of the links by which an order is found, and a seat taken, without a password."""


def zone(now: datetime) -> ZoneInfo:
    """Return the time zone of the speaking tenant."""
    return billing.zone(now)


def today(now: datetime) -> date:
    """Return the tenant's day."""
    return now.astimezone(zone(now)).date()


def last_day(first: date, months: int) -> date:
    """Return the last day of so many months."""
    return ends_on(first, months) - timedelta(days=1)


def ends_at(order: Order, now: datetime) -> datetime:
    """Return the moment at which the seats of an order end, in the tenant's zone."""
    first = order.placed_at.astimezone(zone(now)).date()
    return clock.last_second(last_day(first, order.months), zone(now))


def documents() -> tuple[Document, ...]:
    """Return terms and refund policy as they stand; less than two where one is not published."""
    kinds = (Document.Kind.TERMS, Document.Kind.REFUNDS)
    latest = (Document.objects.filter(kind=kind).order_by("-version").first() for kind in kinds)
    return tuple(one for one in latest if one is not None)


def offered() -> QuerySet[Product]:
    """Return what can be ordered: nothing while there are no terms."""
    if len(documents()) < 2:
        return Product.objects.none()
    return Product.objects.offered().select_related("course")


def orders() -> QuerySet[Order]:
    """Return the orders for the office, latest first, with what the list shows."""
    found = Order.objects.select_related("person", "invoice", "company")
    return found.annotate(seated=Count("taken")).order_by("-placed_at")


def waiting_refunds() -> QuerySet[Refund]:
    """Return the refunds that nobody has decided, the oldest on top."""
    return Refund.objects.open().select_related("order__person")


def assesses_credit(now: datetime) -> bool:
    """Whether the policy lets the software assess who may pay later (ilearn-8.k)."""
    return any(one.id == "credit" for one in in_force(now).policy.automated)


def asks_optional(now: datetime) -> bool:
    """Whether the policy lets revenue, employees and industry be asked (learnifier-2.d)."""
    held = [what for one in in_force(now).policy.category for what in one.holds]
    return any(what.startswith("annual revenue") for what in held)


def address_of(order: Order) -> str:
    """Return the page of an order for whoever has the link."""
    return reverse("shop:order", args=[signing.dumps(str(order.pk), salt=ORDER)])


def seat_address_of(order: Order) -> str:
    """Return the page on which a seat of an order is taken by whoever has the link."""
    return reverse("shop:seat", args=[signing.dumps(str(order.pk), salt=SEAT)])


def by_link(token: str, salt: str) -> Order | None:
    """Return the order behind a link; None where there is none."""
    try:
        key = signing.loads(token, salt=salt)
    except signing.BadSignature:
        return None
    found = Order.objects.select_related("person", "invoice", "product__course", "contract")
    return found.filter(pk=key).first()
