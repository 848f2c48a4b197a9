"""What can be applied for, and who applied."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Plan(TenantModel):
    """A contract that anybody may apply for: what it says, what it costs, what it opens."""

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text of the contract"), max_length=50_000)
    price_cents = models.PositiveIntegerField()
    months = models.PositiveSmallIntegerField(_("months"))
    course: Any = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "title": "name of an offer",
            "text": "the same for everybody",
            "price_cents": "a price",
            "months": "a term",
            "course": "a course",
            "made_at": "about an offer",
            "closed_at": "about an offer",
        }

    class Meta:
        ordering = ("title", "pk")

    def __str__(self) -> str:
        return self.title


class PlanApplicationQuerySet(models.QuerySet["PlanApplication"]):
    """Applications as their readers need them."""

    def of(self, person: Any) -> Self:
        """This person's: what is not theirs does not exist for them."""
        return self.filter(person=person)


class PlanApplication(TenantModel):
    """Somebody applied for a contract."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a person")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("not approved")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="plan_applications"
    )
    applied_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    decision = models.UUIDField(null=True, editable=False)
    """The decision about it, which goes by its own term."""
    contract: Any = models.ForeignKey(
        "billing.Contract", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True, editable=False)

    objects = PlanApplicationQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("plan", "person", "applied_at", "state", "contract"), "contract")
        not_personal = {
            **_KEY,
            "decision": "identifier of a decision",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "applied_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person", "-applied_at"], name="applications_of_person")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "plan", "person"],
                name="application_waits_once",
                condition=Q(state="waiting"),
            )
        ]

    def __str__(self) -> str:
        return f"application {self.pk}"
