"""Who was reached in an emergency, why, and what a person found who looked at it afterwards."""

from django.db import models
from django.db.models import Q

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Emergency(TenantModel):
    """Somebody of the staff opened a person's contact data to protect life."""

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="emergencies"
    )
    reason = models.TextField(max_length=500)
    opened_by = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=64, blank=True)
    justified = models.BooleanField(null=True)
    words = models.TextField(max_length=1_000, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    app_may = "select, insert, update (reviewed_at, reviewed_by, justified, words, due_at)"
    """What was opened, by whom and why, is never changed."""

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(
            ("person", "reason", "opened_at", "reviewed_at", "justified", "words"), "support"
        )
        not_personal = {
            **_KEY,
            "opened_by": "pseudonym of who looked",
            "reviewed_by": "pseudonym of an officer",
            "due_at": "retention clock",
        }
        anchors = {"record.created": "opened_at"}

    class Meta:
        indexes = [models.Index(fields=["tenant", "-opened_at"], name="emergencies_by_time")]
        constraints = [
            models.CheckConstraint(
                name="emergency_reviewed_whole",
                condition=Q(reviewed_at=None, justified=None)
                | Q(reviewed_at__isnull=False, justified__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"emergency {self.pk}"
