"""Tables of the catalogue and of what customers have of it. Another price is another service."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel
from skola.services.billing.api import Currency
from skola.services.customers.rules import Step

_KEY = {"id": "surrogate key", "tenant": "organisation"}
_NOBODY: dict[str, str] = {}


class RelationQuerySet(models.QuerySet["Relation"]):
    """Relations as their readers need them."""

    def active(self) -> Self:
        """Those that have not ended."""
        return self.filter(ended_at=None)


class Relation(TenantModel):
    """Somebody is a customer: since when, and under which terms they became one (ekool-1.3)."""

    class Start(models.TextChoices):
        REGISTERED = "registered", _("registration")
        USED = "used", _("first use")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    start = models.CharField(_("how it began"), max_length=10, choices=Start.choices)
    version = models.CharField(_("version of the terms"), max_length=40)
    """That of conditions and principles together, which was in force then."""
    digest = models.CharField(max_length=80)
    """Hash of that version."""
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = RelationQuerySet.as_manager()

    app_may = "select, insert, update (ended_at, due_at)"

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "start", "version", "started_at", "ended_at"), "identity")
        not_personal = {
            **_KEY,
            "digest": "digest of the policy",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "started_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person", "-started_at"], name="relations_of_person")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person"], condition=Q(ended_at=None), name="one_active_relation"
            ),
            models.CheckConstraint(
                name="relation_ends_after_start",
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("started_at")),
            ),
        ]

    @property
    def is_active(self) -> bool:
        """Whether it goes on."""
        return self.ended_at is None

    def __str__(self) -> str:
        return f"relation {self.pk}"


class ServiceQuerySet(models.QuerySet["Service"]):
    """Services as their readers need them."""

    def offered(self) -> Self:
        """What can be ordered."""
        return self.filter(ended_at=None)

    def selling(self, function: str, today: date) -> Self:
        """Those that make a function an extra: on offer, or somebody still has it."""
        held = Subscription.objects.running(today).filter(service=OuterRef("pk"))
        return self.filter(Q(ended_at=None) | Exists(held), function=function)


class Service(TenantModel):
    """A service of the catalogue, with its tariff, for a school or for a family (ekool-1.6)."""

    class Audience(models.TextChoices):
        SCHOOL = "school", _("a school")
        FAMILY = "family", _("a family")

    audience = models.CharField(_("who orders it"), max_length=8, choices=Audience.choices)
    name = models.CharField(_("name"), max_length=120)
    about = models.TextField(_("what one gets"), max_length=2_000)
    function = models.CharField(_("which function it opens"), max_length=40, blank=True)
    """A word of ``functions``; empty where nothing hangs on it but the contract."""
    months = models.PositiveSmallIntegerField(_("months that are paid at once"))
    vat_percent = models.DecimalField(_("tax"), max_digits=4, decimal_places=1)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices)
    offered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ServiceQuerySet.as_manager()

    app_may = "select, insert, update (ended_at)"

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "audience": "closed list",
            "name": "what is sold",
            "about": "what is sold",
            "function": "what is sold",
            "months": "a length of time",
            "vat_percent": "a price",
            "currency": "a price",
            "offered_at": "about an offer",
            "ended_at": "about an offer",
        }

    class Meta:
        ordering = ("audience", "name")
        constraints = [models.CheckConstraint(name="service_lasts", condition=Q(months__gte=1))]

    @property
    def is_for_schools(self) -> bool:
        """Whether a school orders it."""
        return self.audience == self.Audience.SCHOOL

    @property
    def steps(self) -> list[Step]:
        """The tariff."""
        return [Step(one.from_pupils, one.unit_cents) for one in self.rates.all()]

    def __str__(self) -> str:
        return self.name


class Rate(TenantModel):
    """A step of a tariff: what one pupil costs a school of so many; a family has one step."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="rates")
    from_pupils = models.PositiveIntegerField(_("from so many pupils"))
    unit_cents = models.PositiveIntegerField()

    app_may = "select, insert"

    class PersonalData:
        subject = None
        fields = _NOBODY
        not_personal = {
            **_KEY,
            "service": "what is sold",
            "from_pupils": "a number",
            "unit_cents": "a price",
        }

    class Meta:
        ordering = ("from_pupils",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "service", "from_pupils"], name="rate_step_once"
            )
        ]

    def __str__(self) -> str:
        return f"rate {self.pk}"


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """What customers have, as their readers need it."""

    def running(self, today: date) -> Self:
        """Concluded and begun, neither ended nor past its last day."""
        open_ended = Q(contract__ends_on=None) | Q(contract__ends_on__gte=today)
        stays = Q(last_on=None) | Q(last_on__gte=today)
        return self.filter(
            open_ended,
            stays,
            contract__accepted_at__isnull=False,
            contract__closed_at=None,
            contract__starts_on__lte=today,
        )


class Subscription(TenantModel):
    """A customer has a service under a contract; what the contract is, ``billing`` tells.

    A school's is concluded by somebody for the school, a family's by one of the parents.
    """

    contract = models.OneToOneField(
        "billing.Contract", on_delete=models.CASCADE, related_name="subscription"
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="subscriptions")
    school = models.ForeignKey(
        "school.School", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """For which school; none where it is a family's."""
    last_on = models.DateField(_("last day"), null=True, blank=True)
    """The day with which the customer lets it end."""

    objects = SubscriptionQuerySet.as_manager()

    app_may = "select, insert, update (last_on)"

    class PersonalData:
        subject = "contract__person_id"
        fields = dict.fromkeys(("contract", "service", "school", "last_on"), "contract")
        not_personal = _KEY
        goes_with = "contract"

    class Meta:
        indexes = [models.Index(fields=["tenant", "service"], name="subscriptions_of_service")]

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class Fee(TenantModel):
    """What was charged for a period: so many at this price; its invoice says it, too."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.SET_NULL, null=True, related_name="fees"
    )
    """None once the contract is past its term; the books stay longer."""
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.CASCADE, related_name="+")
    from_on = models.DateField(_("first day"))
    until_on = models.DateField(_("last day"))
    quantity = models.PositiveIntegerField(_("how many"))
    unit_cents = models.PositiveIntegerField()

    app_may = "select, insert, update (subscription_id)"

    class PersonalData:
        subject = "invoice__person_id"
        fields = dict.fromkeys(
            ("subscription", "invoice", "from_on", "until_on", "quantity", "unit_cents"),
            "accounting",
        )
        not_personal = _KEY
        goes_with = "invoice"

    class Meta:
        ordering = ("from_on",)
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subscription", "from_on"], name="fee_once_a_period"
            ),
            models.CheckConstraint(
                name="fee_in_order", condition=Q(until_on__gte=models.F("from_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"fee {self.pk}"


class Decision(TenantModel):
    """Whether a contract goes on after its customer demanded to stop or to delete (ekool-7.6)."""

    class Outcome(models.TextChoices):
        END = "end", _("it ends now")
        GO_ON = "go-on", _("it goes on")

    contract = models.ForeignKey("billing.Contract", on_delete=models.CASCADE, related_name="+")
    request = models.UUIDField()
    """The request that it follows from, which has a term of its own."""
    outcome = models.CharField(_("decision"), max_length=5, choices=Outcome.choices)
    reason = models.TextField(_("reason"), max_length=2_000)
    message = models.TextField(_("message to the customer"), max_length=2_000)
    decider = models.ForeignKey(
        "people.Person", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField()

    app_may = "select, insert, update (decider_id)"

    class PersonalData:
        subject = "contract__person_id"
        relations = {"decider_id": "staff"}
        fields = dict.fromkeys(
            ("contract", "request", "outcome", "reason", "message", "decider", "decided_at"),
            "contract",
        )
        not_personal = _KEY
        goes_with = "contract"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "contract", "request"], name="decided_once_a_demand"
            )
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"
