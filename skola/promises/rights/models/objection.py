from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.models import TenantModel


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Objections as their readers need them."""

    def stopping(self) -> Self:
        """Those that stop a use now: not decided yet, or upheld."""
        return self.filter(state__in=Objection.STOPPING)

    def of(self, person: Any) -> Self:
        """Those of this person: what is not theirs does not exist for them."""
        return self.filter(person=person)


class Objection(TenantModel):
    """Somebody objects to one purpose (GDPR Art. 21). It outlives the request that brought it."""

    class State(models.TextChoices):
        PAUSED = "paused", _("stopped until it is decided")
        UPHELD = "upheld", _("stopped")
        REFUSED = "refused", _("goes on")
        WITHDRAWN = "withdrawn", _("allowed again by the person")

    STOPPING = (State.PAUSED, State.UPHELD)

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="objections", db_index=False
    )
    purpose = models.CharField(max_length=60)
    """A purpose of the policy."""
    request = models.UUIDField(null=True, editable=False)
    """The request that brought it, which goes by its own term."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.PAUSED)
    since_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    objects = ObjectionQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "purpose", "state", "since_at", "decided_at"), "support")
        not_personal = {
            "id": "surrogate key",
            "tenant": "organisation",
            "request": "identifier of a request",
        }
        goes_with = "person"

    class Meta:
        indexes = [models.Index(fields=["tenant", "purpose"], name="objections_by_purpose")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person", "purpose"],
                name="objection_once",
                condition=Q(state__in=["paused", "upheld"]),
            ),
            models.CheckConstraint(
                name="objection_decided_whole",
                condition=Q(state="paused", decided_at=None)
                | (~Q(state="paused") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"
