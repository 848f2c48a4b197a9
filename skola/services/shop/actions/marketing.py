"""The landing page of a course on offer, and coupons (learnifier-3.2.a)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.files.api import store
from skola.services.courses.api import slug_of
from skola.services.shop.models import Coupon, Landing, Product
from skola.services.shop.pictures import PICTURE


class TakenError(Exception):
    """There is a running coupon with this code."""


@dataclass(frozen=True)
class Page:
    """What a landing page says. ``picture`` None leaves the one that is there."""

    headline: str
    text: str
    coupon: Coupon | None
    is_public: bool
    picture: Any = None


@transaction.atomic
def write_landing(product: Product, page: Page, *, by: str, now: datetime) -> Landing:
    """Write the page of an offer, or change it. Its address stays as it was given first.

    Raises RefusedError, and changes nothing, for a picture that is none.
    """
    found = Landing.objects.select_for_update(of=("self",)).filter(product=product).first()
    landing = found or Landing(product=product, slug=_free(page.headline))
    landing.headline, landing.text = page.headline, page.text
    landing.coupon, landing.is_public, landing.changed_at = page.coupon, page.is_public, now
    if page.picture:
        landing.picture = store(page.picture, kind=PICTURE, person_id=None, by=by, now=now)
    landing.save()
    detail = {"public": page.is_public}
    audit.record("shop.landing.written", target=landing, by=by, at=now, detail=detail)
    return landing


def _free(headline: str) -> str:
    return slug_of(headline, Landing.objects.values_list("slug", flat=True))


@dataclass(frozen=True)
class Cheaper:
    """What a coupon is: its word, what it takes off, of what, when and how often."""

    code: str
    percent: int
    product: Product | None
    first_on: date
    last_on: date
    most: int


def make_coupon(told: Cheaper, *, by: str, now: datetime) -> Coupon:
    """Make a coupon. Raises TakenError where one with this code runs."""
    try:
        with transaction.atomic():
            made = Coupon.objects.create(**vars(told), made_at=now)
            audit.record("shop.coupon.made", target=made, by=by, at=now)
    except IntegrityError as error:
        raise TakenError(_("A coupon with this code runs already. End it first.")) from error
    return made


@transaction.atomic
def end_coupon(coupon: Coupon, *, by: str, now: datetime) -> None:
    """End a coupon: no order gets it any more. Once more changes nothing."""
    if Coupon.objects.filter(pk=coupon.pk, ended_at=None).update(ended_at=now):
        audit.record("shop.coupon.ended", target=coupon, by=by, at=now)
