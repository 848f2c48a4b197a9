"""What somebody reported: a child below the age has an account here."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports as their readers need them."""

    def waiting(self) -> Self:
        """Those on which nobody has decided."""
        return self.filter(decided_at=None)


class Report(TenantModel):
    """A child was reported. It goes with the child's data; what was unfounded goes by its term."""

    class Outcome(models.TextChoices):
        UNFOUNDED = "unfounded", _("not a child below the age")
        NOBODY = "nobody", _("no such account here")

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, null=True, related_name="+"
    )
    """The child; empty while nobody knows which account it is."""
    account = models.CharField(max_length=254)
    """The account as it was told: an address or a name."""
    words = models.TextField(max_length=2_000, blank=True)
    reporter_name = models.CharField(max_length=160, blank=True)
    reporter_email = models.EmailField(max_length=254, blank=True)
    """Where the answer goes; empty where none is wanted."""
    language = models.CharField(max_length=5)
    reported_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    """When everybody who can decide was written to, because nobody had."""
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "account", "words", "reporter_name", "reporter_email", "outcome"), "support"
        )
        not_personal = {
            **_KEY,
            "language": "goes with the row",
            "reported_at": "goes with the row",
            "decide_by": "a day of the policy",
            "escalated_at": "moment of an act of ours",
            "decided_at": "moment of an act of ours",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "reported_at", "claim.closed": "decided_at"}

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "decide_by"],
                name="children_to_decide",
                condition=Q(decided_at=None),
            ),
            models.Index(fields=["tenant", "person"], name="report_of_child"),
        ]
        constraints = [
            models.CheckConstraint(
                name="report_decided_whole",
                condition=Q(outcome="", decided_at=None)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"
