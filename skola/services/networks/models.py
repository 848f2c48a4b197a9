"""Operators that are switched on, exams at them, and who was sent with what came back."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

if TYPE_CHECKING:
    from skola.ground.people.api import Person

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Connection(TenantModel):
    """The exchange with one operator of an examination network, switched on and off."""

    party = models.ForeignKey("disclosures.Party", on_delete=models.PROTECT, related_name="+")
    enabled_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    app_may = "select, insert, update (ended_at)"

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "party": "an organisation",
            "enabled_at": "moment of an act",
            "ended_at": "moment of an act",
        }

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "party"], condition=Q(ended_at=None), name="connection_on_once"
            )
        ]

    def __str__(self) -> str:
        return f"connection {self.pk}"


class Sending(TenantModel):
    """An exam at an operator, by the operator's reference, to which learners of a course go."""

    party = models.ForeignKey("disclosures.Party", on_delete=models.PROTECT, related_name="+")
    course: Any = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    course_title = models.CharField(max_length=120)
    exam = models.CharField(max_length=80)
    """The reference under which the operator holds the exam."""
    sent_at = models.DateTimeField()

    app_may = "select, insert, update (sent_at, course_id)"

    class PersonalData:
        subject = None
        fields: dict[str, str] = {}
        not_personal = {
            **_KEY,
            "party": "an organisation",
            "course": "about a course",
            "course_title": "about a course",
            "exam": "about an exam",
            "sent_at": "moment of an act",
        }

    class Meta:
        indexes = [models.Index(fields=["tenant", "-sent_at"], name="sendings_latest_first")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "party", "exam"], name="sending_once_an_exam")
        ]

    def __str__(self) -> str:
        return f"sending {self.pk}"


class CandidateQuerySet(models.QuerySet["Candidate"]):
    """Candidates as their readers need them."""

    def of(self, person: "Person") -> Self:
        """This person's own."""
        return self.filter(person=person)


class Candidate(TenantModel):
    """Somebody was sent to an exam outside; the result, once the operator gave it."""

    class Outcome(models.TextChoices):
        PASSED = "passed", _("passed")
        FAILED = "failed", _("not passed")

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="candidates")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=20)
    """The word of the ledger under which the operator knows them."""
    sent_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    points = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    sat_on = models.DateField(null=True)
    received_at = models.DateTimeField(null=True)
    """When the result came in."""
    due_at = models.DateTimeField(null=True, editable=False)

    objects = CandidateQuerySet.as_manager()

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            (
                "sending",
                "person",
                "reference",
                "sent_at",
                "outcome",
                "points",
                "sat_on",
                "received_at",
            ),
            "learning",
        )
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "sent_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "person"], name="candidacies_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "sending", "person"], name="candidate_once_an_exam"
            ),
            models.UniqueConstraint(
                fields=["tenant", "sending", "reference"], name="candidate_by_reference"
            ),
            models.CheckConstraint(
                name="candidate_result_is_whole",
                condition=Q(received_at=None, outcome="", sat_on=None, points=None)
                | (Q(received_at__isnull=False, sat_on__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"candidate {self.pk}"
