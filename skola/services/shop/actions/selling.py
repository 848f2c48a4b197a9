"""What is on offer, and under which terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from skola.ground.audit import api as audit
from skola.promises.disclosures.api import Party
from skola.services.courses.api import Course, sell
from skola.services.shop.models import Closing, Document, Partner, Product


@transaction.atomic
def publish_document(kind: str, text: str, *, by: str, now: datetime) -> Document:
    """Publish the next version of the terms, or of the refund policy; the same text is none."""
    held = Document.objects.filter(kind=kind).order_by("-version").first()
    if held is not None and held.text == text:
        return held
    last = Document.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
    made = Document.objects.create(kind=kind, version=last + 1, text=text, published_at=now)
    detail = {"kind": str(kind), "version": made.version}
    audit.record("shop.document.published", target=made, by=by, at=now, detail=detail)
    return made


class ShopClosedError(Exception):
    """The shop sells nothing more; nothing can be put on offer."""


@dataclass(frozen=True)
class Price:
    """What one seat costs, without tax, and for how many months."""

    unit_cents: int
    vat_percent: Decimal
    currency: str
    months: int


@transaction.atomic
def offer(
    course: Course,
    price: Price,
    *,
    about: str = "",
    partners: Sequence[tuple[Party, str]] = (),
    by: str,
    now: datetime,
) -> Product:
    """Put a course on offer: from here on it is taken with a seat only.

    ``partners`` are those with whom it is offered, each with the address of their privacy policy.
    An earlier offer of the course ends; what was ordered under it stays as it is. Raises
    ShopClosedError.
    """
    if Closing.objects.filter(opened_at=None).exists():
        raise ShopClosedError("It was closed; open it first.")
    for earlier in Product.objects.filter(course=course, ended_at=None):
        withdraw_offer(earlier, by=by, now=now)
    sell(course)
    made = Product.objects.create(
        course=course,
        title=course.title,
        about=about,
        unit_cents=price.unit_cents,
        vat_percent=price.vat_percent,
        currency=price.currency,
        months=price.months,
        offered_at=now,
    )
    Partner.objects.bulk_create(
        Partner(product=made, party=party, policy_url=url) for party, url in partners
    )
    detail = {"partners": len(partners)}
    audit.record("shop.product.offered", target=made, by=by, at=now, detail=detail)
    return made


@transaction.atomic
def withdraw_offer(product: Product, *, by: str, now: datetime) -> None:
    """Take a product off; what was ordered runs on. Once more changes nothing."""
    if Product.objects.filter(pk=product.pk, ended_at=None).update(ended_at=now):
        audit.record("shop.product.withdrawn", target=product, by=by, at=now)
