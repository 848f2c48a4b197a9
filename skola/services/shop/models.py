"""Tables of the shop. What was accepted, bought and decided is not changed afterwards."""

from typing import TYPE_CHECKING, Self

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.billing.api import Currency
from skola.services.shop.landing import Coupon as Coupon
from skola.services.shop.landing import Landing as Landing
from skola.services.shop.rules import OrderState, order_state, with_tax

if TYPE_CHECKING:
    from skola.ground.people.api import Person

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_NOBODY: dict[str, str] = {}


class Document(TenantModel):
    """A version of the terms of agreement, or of the refund policy (ilearn-refund)."""

    class Kind(models.TextChoices):
        TERMS = "terms", _("terms of agreement")
        REFUNDS = "refunds", _("refund policy")

    kind = models.CharField(_("document"), max_length=8, choices=Kind.choices)
    version = models.PositiveIntegerField(editable=False)
    text = models.TextField(_("text"), max_length=50_000)
    published_at = models.DateTimeField()

    app_may = "select, insert"
    """Another text is another version."""

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "kind": "closed list",
            "version": "a count",
            "text": "text of the organisation",
            "published_at": "about a text",
        }

    class Meta:
        ordering = ("kind", "-version")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "version"], name="shop_document_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class ProductQuerySet(models.QuerySet["Product"]):
    def offered(self) -> Self:
        """What can be ordered: on offer, with a course that is published."""
        return self.filter(ended_at=None, course__state="published")


class Product(TenantModel):
    """A course with a price: one seat, for so many months."""

    course = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, related_name="products"
    )
    title = models.CharField(_("title"), max_length=120)
    about = models.TextField(_("what one gets"), max_length=2_000, blank=True)
    unit_cents = models.PositiveIntegerField()
    vat_percent = models.DecimalField(_("tax"), max_digits=4, decimal_places=1)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices)
    months = models.PositiveSmallIntegerField(_("months"))
    """For how long a seat lasts, from the day of the order."""
    offered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ProductQuerySet.as_manager()

    app_may = "select, insert, update (course_id, ended_at)"
    """Another price is another offer."""

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "course": "what is sold",
            "title": "what is sold",
            "about": "what is sold",
            "unit_cents": "a price",
            "vat_percent": "a price",
            "currency": "a price",
            "months": "a length of time",
            "offered_at": "about an offer",
            "ended_at": "about an offer",
        }

    class Meta:
        ordering = ("title",)
        constraints = [models.CheckConstraint(name="product_lasts", condition=Q(months__gte=1))]

    @property
    def gross_cents(self) -> int:
        """The price of one seat with tax."""
        return with_tax(self.unit_cents, self.vat_percent)

    def __str__(self) -> str:
        return self.title


class Closing(TenantModel):
    """The shop sells nothing more, until it is opened again; what was ordered runs on."""

    closed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    """When it was opened again."""

    app_may = "select, insert, update (opened_at)"

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {**_KEY, "closed_at": "about a shop", "opened_at": "about a shop"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(opened_at=None), name="shop_closed_once"
            )
        ]

    def __str__(self) -> str:
        return f"closing {self.pk}"


class Partner(TenantModel):
    """Somebody with whom a product is offered, who is told who orders it (learnifier-7.e)."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="partners")
    party = models.ForeignKey("disclosures.Party", on_delete=models.PROTECT, related_name="+")
    policy_url = models.CharField(
        _("address of their privacy policy"),
        max_length=300,
        validators=[URLValidator(schemes=["https"])],
    )

    app_may = "select, insert"

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "product": "what is sold",
            "party": "organisation",
            "policy_url": "address of an organisation's page",
        }

    class Meta:
        ordering = ("party__name",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "product", "party"], name="partner_of_product_once"
            )
        ]

    def __str__(self) -> str:
        return f"partner {self.pk}"


class Numbers(TenantModel):
    """The last number given to an order; none is given twice."""

    last = models.PositiveIntegerField(default=0)

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {**_KEY, "last": "a count"}

    class Meta:
        verbose_name_plural = "numbers"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="shop_numbers_once")]

    def __str__(self) -> str:
        return f"{self.last} orders"


class OrderQuerySet(models.QuerySet["Order"]):
    def of(self, person: "Person") -> Self:
        """This person's: what is not theirs does not exist for them."""
        return self.filter(person=person)


class Order(TenantModel):
    """Somebody bought seats of a course, with or without an account (ilearn-4.a)."""

    class Way(models.TextChoices):
        CARD = "card", _("by card, now")
        INVOICE = "invoice", _("by invoice")

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    """Who pays."""
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")
    company = models.ForeignKey(
        "workforce.Company", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    """For whom a manager bought the licence."""
    contract = models.ForeignKey(
        "billing.Contract", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    invoice = models.ForeignKey(
        "billing.Invoice", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    coupon = models.ForeignKey(
        Coupon, on_delete=models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    percent_off = models.PositiveSmallIntegerField(default=0)
    """What its coupon took off the price."""
    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(_("what was ordered"), max_length=120)
    seats = models.PositiveIntegerField(_("seats"))
    months = models.PositiveSmallIntegerField(_("months"))
    way = models.CharField(_("how it is paid"), max_length=8, choices=Way.choices)
    buyer = models.CharField(_("buyer"), max_length=160)
    buyer_address = models.CharField(_("buyer's address"), max_length=200)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    revenue = models.CharField(_("annual revenue"), max_length=40, blank=True)
    employees = models.PositiveIntegerField(_("number of employees"), null=True, blank=True)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    terms_version = models.PositiveIntegerField()
    refunds_version = models.PositiveIntegerField()
    """Which versions were accepted."""
    placed_at = models.DateTimeField(_("ordered"))
    opened_at = models.DateTimeField(null=True, blank=True)
    """Since when its seats can be taken."""
    paid_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = OrderQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "person",
                "product",
                "company",
                "contract",
                "invoice",
                "coupon",
                "percent_off",
                "number",
                "title",
                "seats",
                "months",
                "way",
                "buyer",
                "buyer_address",
                "vat_number",
                "revenue",
                "employees",
                "industry",
                "terms_version",
                "refunds_version",
                "placed_at",
                "opened_at",
                "paid_at",
                "ended_at",
            ),
            "contract",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "placed_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person", "-placed_at"], name="shop_orders_of_person"),
            models.Index(fields=["tenant", "-placed_at"], name="shop_orders_latest_first"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="shop_order_number_once"),
            models.CheckConstraint(
                name="shop_order_of_something", condition=Q(seats__gte=1, months__gte=1)
            ),
            models.CheckConstraint(
                name="shop_order_paid_is_open",
                condition=Q(paid_at=None) | Q(opened_at__isnull=False),
            ),
        ]

    @property
    def state(self) -> OrderState:
        """How it stands."""
        return order_state(
            invoiced=self.invoice_id is not None,
            paid_at=self.paid_at,
            opened_at=self.opened_at,
            ended_at=self.ended_at,
        )

    @property
    def label(self) -> str:
        """The number as it is printed."""
        return f"{self.number:06d}"

    def __str__(self) -> str:
        return f"order {self.pk}"


class Seat(TenantModel):
    """Somebody took a seat of an order, and with it the course."""

    order = models.ForeignKey(Order, on_delete=models.SET_NULL, null=True, related_name="taken")
    """None once the data of who paid for it are gone."""
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    """Which of the seats bought; the database lets none be taken twice."""
    taken_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)

    app_may = "select, insert, update (due_at)"

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("order", "person", "number", "taken_at"), "learning")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "taken_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "order", "number"], name="shop_seat_once"),
            models.UniqueConstraint(
                fields=["tenant", "order", "person"], name="shop_seat_one_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.pk}"


class RefundQuerySet(models.QuerySet["Refund"]):
    def open(self) -> Self:
        """Those that nobody has decided."""
        return self.filter(decided_at=None)


class Refund(TenantModel):
    """Somebody asks for their money back; staff decide, and say why (ilearn-refund)."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="refunds")
    reason = models.TextField(_("why you ask"), max_length=2_000)
    asked_at = models.DateTimeField()
    is_granted = models.BooleanField(null=True)
    answer = models.TextField(_("answer to the customer"), max_length=2_000, blank=True)
    decider = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    credit_note = models.ForeignKey(
        "billing.Invoice", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects = RefundQuerySet.as_manager()

    class PersonalData:
        subject = "order__person_id"
        relations = {"decider_id": "staff"}
        fields = dict.fromkeys(
            (
                "order",
                "reason",
                "asked_at",
                "is_granted",
                "answer",
                "decider",
                "credit_note",
                "decided_at",
            ),
            "contract",
        )
        not_personal = _KEY
        goes_with = "order"

    class Meta:
        ordering = ("asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "order"], condition=Q(decided_at=None), name="refund_asked_once"
            ),
            models.CheckConstraint(
                name="refund_decided_with_an_answer",
                condition=Q(decided_at=None, is_granted=None)
                | (Q(decided_at__isnull=False, is_granted__isnull=False) & ~Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return f"refund {self.pk}"


class Interest(TenantModel):
    """Somebody pressed the button that they are interested in a joint offer (learnifier-7.g)."""

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.SET_NULL, null=True, related_name="+")
    title = models.CharField(_("offer"), max_length=120)
    told_at = models.DateTimeField(_("when"))
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "product", "title", "told_at"), "contract")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "told_at"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "product"], name="interested_once_in_an_offer"
            )
        ]

    def __str__(self) -> str:
        return f"interest {self.pk}"


class VatCheck(TenantModel):
    """What a register said of the VAT number of an order: which register, and when."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="vat_checks")
    number = models.CharField(_("VAT number"), max_length=20)
    provider = models.CharField(_("who checked it"), max_length=120)
    is_valid = models.BooleanField(_("valid"))
    checked_at = models.DateTimeField(_("checked"))

    app_may = "select, insert"

    class PersonalData:
        subject = "order__person_id"
        fields = dict.fromkeys(
            ("order", "number", "provider", "is_valid", "checked_at"), "contract"
        )
        not_personal = _KEY
        goes_with = "order"

    class Meta:
        ordering = ("-checked_at",)

    def __str__(self) -> str:
        return f"check {self.pk}"
