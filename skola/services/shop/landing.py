"""Tables with which a course is marketed: a page of its own, and coupons (learnifier-3.2.a)."""

from datetime import date
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class CouponQuerySet(models.QuerySet["Coupon"]):
    def live_on(self, day: date) -> Self:
        """Those that can be used on a day, as far as uses are left."""
        return self.filter(ended_at=None, first_on__lte=day, last_on__gte=day)


class Coupon(TenantModel):
    """A word that makes an order cheaper, for some days and so many orders."""

    code = models.CharField(
        max_length=20,
        validators=[RegexValidator(r"^[A-Z0-9-]{3,20}$")],
    )
    percent = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    product = models.ForeignKey(
        "shop.Product", on_delete=models.CASCADE, null=True, blank=True, related_name="coupons"
    )
    """What it is for; None: everything on offer."""
    first_on = models.DateField()
    last_on = models.DateField()
    most = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CouponQuerySet.as_manager()

    app_may = "select, insert, update (ended_at)"

    class PersonalData:
        subject = None
        fields: ClassVar[dict[str, str]] = {}
        not_personal: ClassVar[dict[str, str]] = {
            **_KEY,
            "code": "a word of an offer",
            "percent": "a price",
            "product": "what is sold",
            "first_on": "about an offer",
            "last_on": "about an offer",
            "most": "a number",
            "made_at": "about an offer",
            "ended_at": "about an offer",
        }

    class Meta:
        ordering = ("-made_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "code"], condition=Q(ended_at=None), name="shop_coupon_once"
            ),
            models.CheckConstraint(
                name="shop_coupon_days", condition=Q(last_on__gte=F("first_on"))
            ),
            models.CheckConstraint(
                name="shop_coupon_percent", condition=Q(percent__gte=1, percent__lte=90)
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Landing(TenantModel):
    """The page with which a course on offer is marketed: one an offer, under a name of its own."""

    product = models.OneToOneField("shop.Product", on_delete=models.CASCADE, related_name="landing")
    slug = models.SlugField(max_length=70)
    headline = models.CharField(max_length=120)
    text = models.TextField(max_length=10_000)
    """Markdown."""
    picture: Any = models.ForeignKey(
        "files.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    coupon = models.ForeignKey(
        Coupon, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """Which one the page gives to its visitors."""
    is_public = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields: ClassVar[dict[str, str]] = {}
        not_personal: ClassVar[dict[str, str]] = {
            **_KEY,
            "product": "what is sold",
            "slug": "address of a page",
            "headline": "text of the organisation",
            "text": "text of the organisation",
            "picture": "picture of the organisation",
            "coupon": "an offer",
            "is_public": "a setting",
            "changed_at": "about a text",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slug"], name="shop_landing_slug_once"),
        ]

    def __str__(self) -> str:
        return self.headline
