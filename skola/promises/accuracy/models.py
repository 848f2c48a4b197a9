"""The invitations to check one's data, and the answers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from skola.ground.tenants.api import TenantModel

_KEY = {"id": "surrogate key", "tenant": "organisation"}


class Invitation(TenantModel):
    """Somebody was asked whether their data are right, and answered or not."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", _("everything is right")
        CORRECTED = "corrected", _("something was corrected")

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)

    class PersonalData:
        subject = "person_id"
        fields = dict.fromkeys(("person", "asked_at", "answer", "answered_at"), "contact")
        not_personal = {**_KEY, "due_at": "retention clock"}
        anchors = {"record.created": "asked_at"}

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "person", "-asked_at"], name="invitations_of_person")
        ]
        constraints = [
            models.CheckConstraint(
                name="answered_whole",
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
