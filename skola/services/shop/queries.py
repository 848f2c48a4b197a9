"""Reads of the shop that more than one caller needs."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core import signing
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from skola.ground import clock
from skola.promises.policy.api import in_force
from skola.services.billing import api as billing
from skola.services.courses.api import Course, Lesson
from skola.services.licences.api import ends_on
from skola.services.shop.models import Closing, Coupon, Document, Landing, Order, Product, Refund

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


def closed_at() -> datetime | None:
    """Return since when the shop sells nothing more; None while it does."""
    return Closing.objects.filter(opened_at=None).values_list("closed_at", flat=True).first()


def offered() -> QuerySet[Product]:
    """Return what can be ordered: nothing while there are no terms, or the shop is closed."""
    if len(documents()) < 2 or closed_at() is not None:
        return Product.objects.none()
    return Product.objects.offered().select_related("course", "landing")


def coupon(code: str, product: Product, now: datetime) -> Coupon | None:
    """Return the coupon of this code where it makes this product cheaper now."""
    live = Coupon.objects.live_on(today(now)).filter(code=code.strip().upper())
    found = live.filter(Q(product=None) | Q(product=product)).first()
    if found is None or found.orders.filter(ended_at=None).count() >= found.most:
        return None
    return found


def coupons() -> QuerySet[Coupon]:
    """Return all coupons, latest first, with how many orders that stand used each."""
    used = Count("orders", filter=Q(orders__ended_at=None))
    return Coupon.objects.select_related("product").annotate(used=used).order_by("-made_at")


def takes_coupons(product: Product, now: datetime) -> bool:
    """Whether there is a coupon of which an order of this product could tell the code."""
    live = Coupon.objects.live_on(today(now))
    return live.filter(Q(product=None) | Q(product=product)).exists()


def landing(slug: str) -> Landing | None:
    """Return a landing page whose course can be ordered; what visitors may not see yet as well."""
    found = Landing.objects.filter(slug=slug, product__in=offered())
    return found.select_related("product__course", "picture", "coupon").first()


def contents(course: Course) -> list[tuple[str, list[Lesson]]]:
    """Return the lessons of a course by the title of their part."""
    found = Lesson.objects.filter(course=course).select_related("section")
    parts: dict[UUID, tuple[str, list[Lesson]]] = {}
    for lesson in found.order_by("section__position", "position"):
        parts.setdefault(lesson.section_id, (lesson.section.title, []))[1].append(lesson)
    return list(parts.values())


def orders() -> QuerySet[Order]:
    """Return the orders for the office, latest first, with what the list shows."""
    found = Order.objects.select_related("person", "invoice", "company")
    return found.annotate(seated=Count("taken")).order_by("-placed_at")


def running(now: datetime) -> QuerySet[Order]:
    """Return the orders that are not over: to be concluded or paid, or with seats that last."""
    lasting = [one.pk for one in Order.objects.filter(ended_at=None) if ends_at(one, now) > now]
    return Order.objects.filter(pk__in=lasting)


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
