"""Tables of licences. The ledger has no people in it: who holds a seat stands in ``Seat``."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.licences.rules import Kind, LicenceState, OrderState, licence_state

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_NOBODY: dict[str, str] = {}


class Order(TenantModel):
    """Somebody ordered seats of a course for their company (ema-1.1.3)."""

    company = models.ForeignKey(
        "workforce.Company", on_delete=models.CASCADE, related_name="orders"
    )
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    """Who ordered."""
    course = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    course_title = models.CharField(max_length=120)
    seats = models.PositiveIntegerField(_("seats"))
    months = models.PositiveSmallIntegerField(_("months"))
    purpose = models.CharField(max_length=60)
    """The purpose of the policy under which the order is fulfilled (ema-1.6.2)."""
    ordered_at = models.DateTimeField()
    reference = models.CharField(_("number of the payment"), max_length=60, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    """When it was paid, and with it fulfilled: the licence runs from that day."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "company",
                "person",
                "course",
                "course_title",
                "seats",
                "months",
                "ordered_at",
                "reference",
                "paid_at",
                "withdrawn_at",
            ),
            "contract",
        )
        not_personal = {**_KEY, "purpose": "identifier of a rule", "due_at": "retention clock"}
        anchors = {"record.created": "ordered_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "-ordered_at"], name="orders_latest_first")]
        constraints = [
            models.CheckConstraint(
                name="order_of_something", condition=Q(seats__gte=1, months__gte=1)
            ),
            models.CheckConstraint(
                name="order_paid_or_withdrawn", condition=Q(paid_at=None) | Q(withdrawn_at=None)
            ),
        ]

    @property
    def state(self) -> OrderState:
        """How far it is."""
        if self.withdrawn_at is not None:
            return OrderState.WITHDRAWN
        return OrderState.FULFILLED if self.paid_at is not None else OrderState.ORDERED

    def __str__(self) -> str:
        return f"order {self.pk}"


class LicenceQuerySet(models.QuerySet["Licence"]):
    def with_balance(self) -> Self:
        """Add ``bought``, ``used`` and ``left``, counted from the ledger."""

        def total(*kinds: Kind) -> Coalesce:
            chosen = Q(entries__kind__in=kinds) if kinds else Q()
            return Coalesce(Sum("entries__seats", filter=chosen), 0)

        return self.annotate(
            bought=total(Kind.BOUGHT),
            used=-total(Kind.ASSIGNED, Kind.RELEASED),
            left=total(),
        )

    def over(self, today: date) -> Self:
        """Those that have ended by a day, with seats left that have not expired yet."""
        return self.with_balance().filter(ends_on__lte=today, left__gt=0)

    def running(self, today: date) -> Self:
        """Those that run on a day."""
        return self.filter(starts_on__lte=today, ends_on__gt=today)


class Licence(TenantModel):
    """A company may give so many people a course, from one day to another."""

    company = models.ForeignKey(
        "workforce.Company", on_delete=models.CASCADE, related_name="licences"
    )
    order = models.OneToOneField(Order, on_delete=models.SET_NULL, null=True)
    course = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    course_title = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    """The first day on which it is over: the lessons are locked at that midnight."""

    objects = LicenceQuerySet.as_manager()
    bought: int
    used: int
    left: int

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "company": "organisation",
            "order": "what an organisation bought",
            "course": "what an organisation bought",
            "course_title": "what an organisation bought",
            "starts_on": "what an organisation bought",
            "ends_on": "what an organisation bought",
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "ends_on"], name="licences_by_end")]
        constraints = [
            models.CheckConstraint(
                name="licence_ends_after_start", condition=Q(ends_on__gt=F("starts_on"))
            )
        ]

    def stands(self, today: date) -> LicenceState:
        """Return how it stands on a day."""
        return licence_state(starts_on=self.starts_on, ends_on=self.ends_on, today=today)

    def __str__(self) -> str:
        return f"licence {self.pk}"


class Entry(TenantModel):
    """One line of a licence's ledger; nothing in it is changed.

    ``number`` counts the lines and ``left`` carries the sum, which the database lets neither repeat
    nor fall below zero: a seat that is gone cannot be given away, whoever tries.
    """

    class Kinds(models.TextChoices):
        BOUGHT = Kind.BOUGHT, _("bought")
        ASSIGNED = Kind.ASSIGNED, _("assigned")
        RELEASED = Kind.RELEASED, _("released")
        EXPIRED = Kind.EXPIRED, _("expired")

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kinds.choices)
    seats = models.IntegerField()
    """What it adds to the seats that are left; below zero what it takes."""
    left = models.IntegerField()
    at = models.DateTimeField()

    app_may = "select, insert"

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "licence": "what an organisation bought",
            "number": "an order",
            "kind": "closed list",
            "seats": "a count",
            "left": "a count",
            "at": "about a count",
        }

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "licence", "number"], name="ledger_line_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "licence"], condition=Q(kind="expired"), name="expired_once"
            ),
            models.CheckConstraint(name="never_oversold", condition=Q(left__gte=0)),
            models.CheckConstraint(
                name="entry_adds_or_takes",
                condition=Q(kind__in=("bought", "released"), seats__gt=0)
                | Q(kind__in=("assigned", "expired"), seats__lt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seats}"


class SeatQuerySet(models.QuerySet["Seat"]):
    def held(self) -> Self:
        """Seats that nobody took back."""
        return self.filter(released_at=None)


class Seat(TenantModel):
    """Somebody holds a seat of a licence, or held it."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="seats")
    employment = models.ForeignKey(
        "workforce.Employment", on_delete=models.CASCADE, related_name="seats"
    )
    assigned_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class PersonalData:
        subject = "employment__person_id"
        fields = dict.fromkeys(("licence", "assigned_at", "released_at"), "learning")
        not_personal = {**_KEY, "employment": "goes with the employment"}
        goes_with = "employment"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "licence", "employment"],
                condition=Q(released_at=None),
                name="seat_of_licence_once",
            )
        ]

    def __str__(self) -> str:
        return f"seat {self.pk}"


class Change(TenantModel):
    """Something became different in a course that is taken with a seat (ema-1.6.4)."""

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="+")
    text = models.TextField(_("what is different"), max_length=5_000)
    published_at = models.DateTimeField()

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "course": "about a course",
            "text": "about a course",
            "published_at": "about a course",
        }

    class Meta:
        ordering = ("-published_at",)
        indexes = [models.Index(fields=["tenant", "-published_at"], name="change_of_course_by_day")]

    def __str__(self) -> str:
        return f"change {self.pk}"
